//go:build chaos

package redis_test

import (
	"testing"

	"docsquare/internal/cache/sabotage"
	"docsquare/internal/testkit"
)

// TestMutations breaks the invariants of docs/consistency.md that the far tier keeps, one at a time. For each, a test must fail.
func TestMutations(t *testing.T) {
	for rule, test := range map[sabotage.Rule]string{
		sabotage.EarlyResume:     "TestWriteThatRedisDoesNotHearOf",
		sabotage.AnyServer:       "TestRedisComesBackFromASnapshot",
		sabotage.KeepWhileUnsure: "TestProcessThatDoesNotHearKeepsNothing",
	} {
		t.Run(string(rule), func(t *testing.T) { testkit.FailsUnder(t, rule, test) })
	}
}
