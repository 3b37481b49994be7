//go:build chaos

package cache_test

import (
	"testing"

	"docsquare/internal/cache/sabotage"
	"docsquare/internal/testkit"
)

// TestMutations breaks the invariants of docs/consistency.md that the engine keeps, one at a time. For each, a test must fail.
// Invariants 2 and 5 are those of internal/store, 6 to 8 those of internal/cache/redis.
func TestMutations(t *testing.T) {
	for rule, test := range map[sabotage.Rule]string{
		sabotage.LateSnapshots: "TestEveryHistoryInOneProcess",
		sabotage.SingleReplace: "TestReadersBetweenTheTwoTiersOfAWrite",
		sabotage.AnyStamps:     "TestEntryWithoutItsStampIsAMiss",
	} {
		t.Run(string(rule), func(t *testing.T) { testkit.FailsUnder(t, rule, test) })
	}
}
