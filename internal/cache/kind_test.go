package cache_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/kinds"
	"docsquare/internal/testkit/cachetest"
)

// TestKindOfAKey finds the kind of a key in the far tier, if the key is of its present version.
func TestKindOfAKey(t *testing.T) {
	c := cachetest.Open(t, nil)
	if names := c.Names(); !slices.Equal(names, kinds.Names()) || !slices.IsSorted(names) {
		t.Errorf("the kinds are %q", names)
	}
	key := cachetest.FarKey(c.Users, uuid.New())
	if kind, ok := c.KindOf(key); kind != "user" || !ok {
		t.Errorf("%q is of the kind %q, %v", key, kind, ok)
	}
	for _, other := range []string{"", "user", "user.", "user.0:" + key, "unknown.1:" + key, "@user:" + key} {
		if kind, ok := c.KindOf(other); ok {
			t.Errorf("%q is of the kind %q", other, kind)
		}
	}
}
