package cache_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/testkit"
)

// ofDocuments is what the operation did with the kind of documents.
func ofDocuments(r *explain.Record) explain.Kind {
	const name = "document"
	for _, k := range r.Report().Kinds {
		if k.Name == name {
			return *k
		}
	}
	return explain.Kind{Name: name}
}

func TestOneProcessFillsForAnother(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server)
	ids := newIDs(2)
	s := newSource(ids[0])
	category, at := "guides", time.Date(2026, 3, 1, 8, 0, 0, 1000, time.UTC)
	full := &ent.Document{ID: ids[0], Title: "第一篇", Tags: []string{"a"}, Category: &category, CreatedAt: at, PublishedAt: &at, Revision: 3}
	_, err := here.Documents.Fetch(t.Context(), ids, func(context.Context, []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		return map[uuid.UUID]*ent.Document{full.ID: full}, nil
	})
	testkit.Must(t, err)
	here.Settle()

	ctx, record := explain.With(t.Context())
	got, err := there.Documents.Fetch(ctx, ids, s.load)
	testkit.Must(t, err)
	if diff := cmp.Diff(map[uuid.UUID]*ent.Document{full.ID: full}, got, unexported); diff != "" {
		t.Fatalf("through Redis (-want +got):\n%s", diff)
	}
	if k := ofDocuments(record); k.Far != 2 || k.Negative != 1 || k.Loads != 0 {
		t.Fatalf("counted %+v", k)
	}
	if _, err := there.Documents.Fetch(ctx, ids, s.load); err != nil || ofDocuments(record).Near != 2 {
		t.Fatalf("the near tier was not filled: %v, %+v", err, ofDocuments(record))
	}
}

func TestEntryWithoutItsStampIsAMiss(t *testing.T) {
	server := testkit.Redis(t)
	raw := client(t, server)
	for _, tag := range []cache.Tag{"own", cache.Everything} {
		t.Run(tag, func(t *testing.T) {
			c := open(t, server, farOnly)
			id := uuid.New()
			s := newSource(id)
			if tag == "own" {
				tag = kinds.DocumentTag(id)
			}
			wantTitle(t, c, s, id, "old")
			c.Settle()
			wantTitle(t, c, s, id, "old")
			wantLoads(t, s, id, 1)
			if n := raw.Del(t.Context(), stampKey(server.Prefix, tag)).Val(); n != 1 {
				t.Fatal("there was no stamp")
			}
			wantTitle(t, c, s, id, "old")
			wantLoads(t, s, id, 2)
			c.Settle()
			wantTitle(t, c, s, id, "old")
			wantLoads(t, s, id, 2)
		})
	}
}

// Every key in Redis expires, but the stamp that all entries depend on is renewed for as long as any process runs.
func TestTheStampOfEverythingIsRenewed(t *testing.T) {
	server := testkit.Redis(t)
	raw := client(t, server)
	c := open(t, server)
	id := uuid.New()
	wantTitle(t, c, newSource(id), id, "old")
	c.Settle()
	var keys []string
	scan := raw.Scan(t.Context(), 0, server.Prefix+"*", 1000).Iterator()
	for scan.Next(t.Context()) {
		keys = append(keys, scan.Val())
	}
	testkit.Must(t, scan.Err())
	if len(keys) < 4 {
		t.Fatalf("only %q is in Redis", keys)
	}
	for _, key := range keys {
		if ttl := raw.TTL(t.Context(), key).Val(); ttl <= 0 {
			t.Errorf("%s has no time to live: %v", key, ttl)
		}
	}
	testkit.Must(t, raw.Expire(t.Context(), stampKey(server.Prefix, cache.Everything), time.Hour).Err())
	testkit.Eventually(t, "the time is renewed", func() bool { return raw.TTL(t.Context(), stampKey(server.Prefix, cache.Everything)).Val() > time.Hour })
}

func TestEverythingEmptiesAll(t *testing.T) {
	server := testkit.Redis(t)
	here, there := open(t, server), open(t, server, farOnly)
	ids := newIDs(10)
	s := newSource(ids...)
	_, err := here.Documents.Fetch(t.Context(), ids, s.load)
	testkit.Must(t, err)
	here.Settle()
	testkit.Must(t, here.Replace(t.Context(), kinds.Touched(kinds.AllData{})))
	for n, c := range []*kinds.Cache{here, there} {
		s.write(ids[0], "new")
		wantTitle(t, c, s, ids[0], "new")
		_, err := c.Documents.Fetch(t.Context(), ids, s.load)
		testkit.Must(t, err)
		for _, id := range ids {
			wantLoads(t, s, id, 2) // by the first of the two, which filled for the other
		}
		c.Settle()
		if n == 0 && !c.Documents.InNear(ids[0]) {
			t.Fatal("what was loaded after the write is not kept")
		}
	}
}

func TestOthersEntriesAreNotRead(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server, farOnly)
	id := uuid.New()
	s := newSource(id)
	wantTitle(t, c, s, id, "old")
	c.Settle()

	other := open(t, server, farOnly, func(o *options) { o.tier.Prefix += "other:" })
	wantTitle(t, other, s, id, "old")
	wantLoads(t, s, id, 2)

	next := cache.NewVersion(c.Documents) // the same kind in a release that changed its shape
	d, ok, err := next.One(t.Context(), id, s.load)
	if err != nil || !ok || d.ID != id {
		t.Fatalf("got %v %v %v", d, ok, err)
	}
	wantLoads(t, s, id, 3)
	wantTitle(t, c, s, id, "old")
	wantLoads(t, s, id, 3)
}

// A refresh goes on after the operation that caused it, and what it loads is for everybody.
func TestRefreshFillsRedisAfterItsOperation(t *testing.T) {
	server := testkit.Redis(t)
	c := open(t, server, func(o *options) { o.TTL = map[string]time.Duration{"trending": time.Millisecond} })
	raw := client(t, server)
	r := &ranking{}
	wantRanking(t, c, r.load, 1)
	c.Settle()
	entry := func() string {
		return raw.Get(t.Context(), server.Prefix+layoutPrefix+c.Trending.FarKey(kinds.TrendingKey{First: 1})).Val()
	}
	before := entry()
	if before == "" {
		t.Fatal("Redis was not filled")
	}
	r.shut.Lock()
	open := sync.OnceFunc(r.shut.Unlock)
	defer open()
	testkit.Eventually(t, "the entry is past its time", func() bool {
		ctx, done := c.Operation(t.Context())
		defer done()
		_, _, err := c.Trending.One(ctx, kinds.TrendingKey{First: 1}, r.load)
		testkit.Must(t, err)
		return r.loads.Load() == 2
	})
	open()
	testkit.Eventually(t, "the refresh reaches Redis", func() bool { return entry() != before })
}
