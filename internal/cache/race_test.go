package cache_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// A load has read the old value; a write comes; the load ends. What it brings must not be found by anybody who comes after
// the write.
func TestLoadThatAWriteOvertakes(t *testing.T) {
	for name, tc := range map[string]struct{ here, there []cachetest.Change }{
		"both tiers":        {},
		"the far tier only": {here: []cachetest.Change{cachetest.FarOnly}, there: []cachetest.Change{cachetest.FarOnly}},
	} {
		t.Run(name, func(t *testing.T) {
			store := cachetest.NewMemory()
			here, there := cachetest.Open(t, store.Tier(), tc.here...), cachetest.Open(t, store.Tier(), tc.there...)
			id := uuid.New()
			s := cachetest.NewSource(id)
			g := cachetest.NewGate()
			first := cachetest.Fetch(t.Context(), here, id, cachetest.Hold(g, s.Load))
			testkit.Receive(t, "the load", g.Reached)

			s.Write(id, "new")
			testkit.Must(t, here.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
			cachetest.WantTitle(t, here, s, id, "new") // and did not wait for the load under way, which is still held up
			here.Settle()

			close(g.Opened)
			if got := testkit.Receive(t, "the first fetch", first); got.Err != nil || got.Title != "old" {
				t.Fatalf("the fetch that began before the write: %+v", got)
			}
			here.Settle()
			cachetest.WantTitle(t, here, s, id, "new")
			cachetest.WantTitle(t, there, s, id, "new")
		})
	}
}

func TestLoadThatAWriteOvertakesInTheProcessAlone(t *testing.T) {
	c := cachetest.Open(t, nil)
	id := uuid.New()
	s := cachetest.NewSource(id)
	g := cachetest.NewGate()
	first := cachetest.Fetch(t.Context(), c, id, cachetest.Hold(g, s.Load))
	testkit.Receive(t, "the load", g.Reached)
	s.Write(id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	close(g.Opened)
	if got := testkit.Receive(t, "the first fetch", first); got.Title != "old" {
		t.Fatalf("the fetch that began before the write: %+v", got)
	}
	if cachetest.InNear(c.Documents, id) {
		t.Fatal("the near tier keeps what was read before the write")
	}
	cachetest.WantTitle(t, c, s, id, "new")
	cachetest.WantLoads(t, s, id, 2)
}

func TestLoadThatAWriteOfAnotherProcessOvertakes(t *testing.T) {
	store := cachetest.NewMemory()
	here, there, third := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	id := uuid.New()
	s := cachetest.NewSource(id)
	g := cachetest.NewGate()
	first := cachetest.Fetch(t.Context(), here, id, cachetest.Hold(g, s.Load))
	testkit.Receive(t, "the load", g.Reached)
	s.Write(id, "new")
	testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	close(g.Opened)
	testkit.Receive(t, "the first fetch", first)
	here.Settle()
	cachetest.WantTitle(t, third, s, id, "new") // the fill is dead in Redis at once
	cachetest.WantTitle(t, there, s, id, "new")
	testkit.Eventually(t, "the write is heard of", func() bool { return cachetest.Title(t, here, s, id) == "new" })
}

// A write has begun new versions in the process, but its stamps are still on their way to Redis. A read at that time may
// find the old value there; a read after the write may not.
func TestReadersBetweenTheTwoTiersOfAWrite(t *testing.T) {
	for name, reads := range map[string]int{"of a tag unknown to the process": 0, "of a tag known to the process": 1} {
		t.Run(name, func(t *testing.T) {
			store := cachetest.NewMemory()
			other := cachetest.Open(t, store.Tier())
			slow := store.Tier()
			c := cachetest.Open(t, slow)
			id := uuid.New()
			s := cachetest.NewSource(id)
			cachetest.WantTitle(t, other, s, id, "old")
			other.Settle()
			for range reads {
				cachetest.WantTitle(t, c, s, id, "old")
			}

			g := cachetest.NewGate()
			slow.Stop(g)
			s.Write(id, "new")
			replaced := make(chan error, 1)
			go func() { replaced <- c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}) }()
			testkit.Receive(t, "the write is about to tell Redis", g.Reached)
			for range 3 {
				cachetest.Title(t, c, s, id) // either is right while the write is under way
			}
			close(g.Opened)
			testkit.Must(t, testkit.Receive(t, "the end of the write", replaced))
			cachetest.WantTitle(t, c, s, id, "new")
		})
	}
}
