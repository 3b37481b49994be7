package cache_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

// benchCache returns an embedded cache with n documents in its near tier, and the source they were loaded from.
func benchCache(b *testing.B, n int) (*kinds.Cache, *cachetest.Source, []uuid.UUID) {
	b.Helper()
	c, ids := cachetest.Open(b, nil), cachetest.NewIDs(n)
	s := cachetest.NewSource(ids...)
	_, err := c.Documents.Fetch(b.Context(), ids, s.Load)
	testkit.Must(b, err)
	return c, s, ids
}

// benchContext returns the context of an operation as the server makes it: with a brief record, and a receipt that for most
// requests only counts.
func benchContext(b *testing.B, c *kinds.Cache, keeps bool) context.Context {
	b.Helper()
	ctx, _ := record.Brief(b.Context())
	ctx, _ = cachetest.Reading(ctx, c, keeps)
	return ctx
}

// windows returns a function that returns n of the keys, different ones each time.
func windows(ids []uuid.UUID, n int) func() []uuid.UUID {
	from := 0
	return func() []uuid.UUID {
		if from += n; from+n > len(ids) {
			from = (from * 7) % n
		}
		return ids[from : from+n]
	}
}

func perKey(b *testing.B, n int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/key")
}

var readSizes = []struct{ keys, of int }{{20, 200}, {60, 5000}}

// BenchmarkFetchHits measures Fetch for keys that the near tier has.
func BenchmarkFetchHits(b *testing.B) {
	for _, size := range readSizes {
		for _, keeps := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d of %d keeps=%v", size.keys, size.of, keeps), func(b *testing.B) {
				c, s, ids := benchCache(b, size.of)
				next := windows(ids, size.keys)
				b.ReportAllocs()
				ctx := benchContext(b, c, keeps)
				for n := 0; b.Loop(); n++ {
					if keeps && n%16 == 0 {
						ctx = benchContext(b, c, keeps)
					}
					if _, err := c.Documents.Fetch(ctx, next(), s.Load); err != nil {
						b.Fatal(err)
					}
				}
				perKey(b, size.keys)
			})
		}
	}
}

// BenchmarkFetchInvalid measures Fetch of 20 keys whose entries a write has invalidated, with the load.
func BenchmarkFetchInvalid(b *testing.B) {
	const n = 20
	c, s, ids := benchCache(b, 200)
	next, ctx := windows(ids, n), benchContext(b, c, false)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Replace(ctx, []cache.Tag{cache.KindTag("document")}); err != nil {
			b.Fatal(err)
		}
		if _, err := c.Documents.Fetch(ctx, next(), s.Load); err != nil {
			b.Fatal(err)
		}
	}
	perKey(b, n)
}

// BenchmarkLookHits measures Look for keys that the near tier has.
func BenchmarkLookHits(b *testing.B) {
	for _, size := range readSizes {
		for _, keeps := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d of %d keeps=%v", size.keys, size.of, keeps), func(b *testing.B) {
				c, _, ids := benchCache(b, size.of)
				next, a := windows(ids, size.keys), cachetest.NewLookResult[*ent.Document](size.keys)
				b.ReportAllocs()
				ctx := benchContext(b, c, keeps)
				for n := 0; b.Loop(); n++ {
					if keeps && n%16 == 0 {
						ctx = benchContext(b, c, keeps)
					}
					if missing := c.Documents.Look(ctx, next(), a.Values, a.Found, a.Known); missing > 0 {
						b.Fatalf("%d keys are missing", missing)
					}
				}
				perKey(b, size.keys)
			})
		}
	}
}

// BenchmarkLookMisses measures Look for keys that the near tier does not have, or whose entries a write has invalidated.
func BenchmarkLookMisses(b *testing.B) {
	const n = 20
	for _, invalid := range []bool{false, true} {
		b.Run(fmt.Sprintf("invalid=%v", invalid), func(b *testing.B) {
			c, _, ids := benchCache(b, 200)
			if invalid {
				testkit.Must(b, c.Replace(b.Context(), []cache.Tag{cache.KindTag("document")}))
			} else {
				ids = cachetest.NewIDs(200)
			}
			ctx, next, a := benchContext(b, c, false), windows(ids, n), cachetest.NewLookResult[*ent.Document](n)
			b.ReportAllocs()
			for b.Loop() {
				if missing := c.Documents.Look(ctx, next(), a.Values, a.Found, a.Known); missing < n {
					b.Fatalf("%d keys are missing", missing)
				}
			}
			perKey(b, n)
		})
	}
}

// BenchmarkFillFullTier measures the fill of one entry, where each evicts another one.
func BenchmarkFillFullTier(b *testing.B) {
	c := cachetest.Open(b, nil, nearBytes(4<<20))
	ids, value := cachetest.NewIDs(50_000), &ent.Document{}
	b.ReportAllocs()
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Documents.Put(ids[next.Add(1)%int64(len(ids))], value, time.Hour)
		}
	})
}

// BenchmarkEntries measures how much of the heap entries take, with the tables that find them.
func BenchmarkEntries(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		for name, load := range map[string]func(c *kinds.Cache, i int){
			"marks": func(c *kinds.Cache, i int) {
				c.Liked.Put(kinds.MarkKey{User: cachetest.Numbered(i), Subject: cachetest.Numbered(i)}, true, time.Hour)
			},
			"documents": func(c *kinds.Cache, i int) {
				id := cachetest.Numbered(i)
				c.Documents.Put(id, &ent.Document{ID: id, Title: cachetest.Text(i, 40), Summary: cachetest.Text(i, 200)}, time.Hour)
			},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					before := heap()
					c := cachetest.Open(b, nil, nearBytes(8<<30))
					for i := range n {
						load(c, i)
					}
					grown := heap() - before
					b.ReportMetric(float64(grown)/(1<<20), "MiB")
					b.ReportMetric(float64(grown)/float64(n), "B/entry")
					runtime.KeepAlive(c)
				}
			})
		}
	}
}
