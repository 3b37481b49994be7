package cache_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/testkit"
)

// A load has read the old value; a write comes; the load ends. What it brings must not be found by anybody who comes after
// the write.
func TestLoadThatAWriteOvertakes(t *testing.T) {
	server := testkit.Redis(t)
	for name, tc := range map[string]struct{ here, there []func(*options) }{
		"both tiers":        {},
		"the far tier only": {here: []func(*options){farOnly}, there: []func(*options){farOnly}},
	} {
		t.Run(name, func(t *testing.T) {
			server := &testkit.RedisServer{Addr: server.Addr, Prefix: server.Prefix + name + ":"}
			here, there := open(t, server, tc.here...), open(t, server, tc.there...)
			id := uuid.New()
			s := newSource(id)
			g := newGate()
			first := fetch(t.Context(), here, id, hold(g, s.load))
			testkit.Receive(t, "the load", g.reached)

			s.write(id, "new")
			testkit.Must(t, here.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
			wantTitle(t, here, s, id, "new") // and did not wait for the load under way, which is still held up
			here.Settle()

			close(g.opened)
			if got := testkit.Receive(t, "the first fetch", first); got.err != nil || got.title != "old" {
				t.Fatalf("the fetch that began before the write: %+v", got)
			}
			here.Settle()
			wantTitle(t, here, s, id, "new")
			wantTitle(t, there, s, id, "new")
		})
	}
}

func TestLoadThatAWriteOvertakesInTheProcessAlone(t *testing.T) {
	c := open(t, nil)
	id := uuid.New()
	s := newSource(id)
	g := newGate()
	first := fetch(t.Context(), c, id, hold(g, s.load))
	testkit.Receive(t, "the load", g.reached)
	s.write(id, "new")
	testkit.Must(t, c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	close(g.opened)
	if got := testkit.Receive(t, "the first fetch", first); got.title != "old" {
		t.Fatalf("the fetch that began before the write: %+v", got)
	}
	if c.Documents.InNear(id) {
		t.Fatal("the near tier keeps what was read before the write")
	}
	wantTitle(t, c, s, id, "new")
	wantLoads(t, s, id, 2)
}

func TestLoadThatAWriteOfAnotherProcessOvertakes(t *testing.T) {
	server := testkit.Redis(t)
	here, there, third := open(t, server), open(t, server), open(t, server, farOnly)
	id := uuid.New()
	s := newSource(id)
	g := newGate()
	first := fetch(t.Context(), here, id, hold(g, s.load))
	testkit.Receive(t, "the load", g.reached)
	s.write(id, "new")
	testkit.Must(t, there.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}))
	close(g.opened)
	testkit.Receive(t, "the first fetch", first)
	here.Settle()
	wantTitle(t, third, s, id, "new") // the fill is dead in Redis at once
	wantTitle(t, there, s, id, "new")
	testkit.Eventually(t, "the write is heard of", func() bool { return title(t, here, s, id) == "new" })
}

// A write has begun new versions in the process, but its stamps are still on their way to Redis. A read at that time may
// find the old value there; a read after the write may not.
func TestReadersBetweenTheTwoTiersOfAWrite(t *testing.T) {
	for name, reads := range map[string]int{"of a tag unknown to the process": 0, "of a tag known to the process": 1} {
		t.Run(name, func(t *testing.T) {
			server := testkit.Redis(t)
			other := open(t, server)
			slow := far(t, server)
			c := open(t, server, func(o *options) { o.client = slow })
			id := uuid.New()
			s := newSource(id)
			wantTitle(t, other, s, id, "old")
			other.Settle()
			for range reads {
				wantTitle(t, c, s, id, "old")
			}

			g := newGate()
			slow.AddHook(&stoppable{gate: &g})
			s.write(id, "new")
			replaced := make(chan error, 1)
			go func() { replaced <- c.Replace(t.Context(), []cache.Tag{kinds.DocumentTag(id)}) }()
			testkit.Receive(t, "the write is about to tell Redis", g.reached)
			for range 3 {
				title(t, c, s, id) // either is right while the write is under way
			}
			close(g.opened)
			testkit.Must(t, testkit.Receive(t, "the end of the write", replaced))
			wantTitle(t, c, s, id, "new")
		})
	}
}
