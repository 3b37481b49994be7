package claims_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/cache"
	"docsquare/internal/cache/claims"
	"docsquare/internal/testkit/cachetest"
)

// TestClaims counts each claim once: in the process, and among the processes while the far tier is in use.
func TestClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := cachetest.NewMemory()
		cutOff := store.Tier()
		take := func(far cache.Far) func(numbers ...byte) []byte {
			c := cachetest.Open(t, far)
			known := claims.New(c.Far(), "view", time.Minute)
			return func(numbers ...byte) (taken []byte) {
				var wanted []cache.Claim
				for _, n := range numbers {
					wanted = append(wanted, cache.Claim{n})
				}
				for _, claim := range known.Take(t.Context(), wanted) {
					if !known.Known(claim) {
						t.Errorf("claim %d is not known after it was taken", claim[0])
					}
					taken = append(taken, claim[0])
				}
				slices.Sort(taken)
				return taken
			}
		}
		one, two, embedded := take(store.Tier()), take(cutOff), take(nil)
		for name, x := range map[string]struct{ got, want []byte }{
			"first":               {one(1, 2), []byte{1, 2}},
			"again":               {one(2, 3), []byte{3}},
			"by another":          {two(1, 4), []byte{4}},
			"without a far tier":  {embedded(1, 2), []byte{1, 2}},
			"again without a far": {embedded(2, 3), []byte{3}},
		} {
			if !slices.Equal(x.got, x.want) {
				t.Errorf("%s: took %v, want %v", name, x.got, x.want)
			}
		}
		cutOff.Cut()
		if got := two(1, 2, 5); !slices.Equal(got, []byte{2, 5}) {
			t.Errorf("cut off from the far tier: took %v, want those that the process has not claimed", got)
		}
		cachetest.Pass(2 * time.Minute)
		if got := one(1, 2); !slices.Equal(got, []byte{1, 2}) {
			t.Errorf("after their time: took %v", got)
		}
	})
}
