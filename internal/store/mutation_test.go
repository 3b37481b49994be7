//go:build chaos

package store_test

import (
	"testing"

	"docsquare/internal/cache/sabotage"
	"docsquare/internal/testkit"
)

// TestMutations breaks the invariants of docs/consistency.md that the store keeps, one at a time. For each, a test must fail.
func TestMutations(t *testing.T) {
	for rule, test := range map[sabotage.Rule]string{
		sabotage.EarlyOrder: "TestWrite",
		sabotage.NoOutbox:   "TestOutbox",
	} {
		t.Run(string(rule), func(t *testing.T) { testkit.FailsUnder(t, rule, test) })
	}
}
