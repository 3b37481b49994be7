package cache_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/testkit/cachetest"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/plaintext"
)

// heap returns the bytes of live objects on the heap.
func heap() int64 {
	var m runtime.MemStats
	for range 2 { // the second cycle frees what pools kept
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// weight returns the bytes of the near tier that are in use.
func weight(c *kinds.Cache) int64 {
	u := c.Usage()
	bytes := u.TagBytes
	for _, k := range u.Kinds {
		bytes += int64(k.Bytes)
	}
	return bytes
}

// widest returns a new text of n characters, most of them of four bytes.
func widest(i, n int) string { return fmt.Sprintf("%06d", i) + strings.Repeat("😀", n-6) }

func fullDocument(i int) *ent.Document {
	category, source, at := cachetest.Text(i, 256), cachetest.Text(i, 1024), time.Unix(int64(i), 0)
	return &ent.Document{
		ID: cachetest.Numbered(i), Title: cachetest.Text(i, 800), Summary: cachetest.Text(i, 4000), Tags: []string{cachetest.Text(i, 128), cachetest.Text(i, 128), cachetest.Text(i, 128)},
		Category: &category, Source: &source, CreatedAt: at, UpdatedAt: at, PublishedAt: &at,
	}
}

func empty[V any](int) *V { return new(V) }

func none[V any](int) (v V) { return v }

func entriesOf(i, n int) []page.Entry {
	entries := make([]page.Entry, n)
	for j := range entries {
		entries[j] = page.Entry{ID: cachetest.Numbered(i), Sort: int64(j)}
	}
	return entries
}

func listOf(i int) kinds.CommentsKey {
	return kinds.CommentsKey{List: page.List{Of: cachetest.Numbered(i)}}
}

func pageOf(i int) page.IDs {
	return page.IDs{Entries: entriesOf(i, page.MaxSize), Total: page.NotCounted}
}

func foundOf(n int) func(int) *kinds.Found {
	return func(i int) *kinds.Found { return &kinds.Found{Hits: entriesOf(i, n)} }
}

// TestHeapPerEntry measures what small entries and their tags take on the heap. Their weight must be about as much:
// slotOverhead of cache/near and overhead of cache/tags are chosen so. What the index and the map of tags take varies with how full they are, so the test takes the
// mean of four sizes.
func TestHeapPerEntry(t *testing.T) {
	mark := func(i int) kinds.MarkKey {
		return kinds.MarkKey{User: cachetest.Numbered(i), Subject: cachetest.Numbered(i)}
	}
	for name, load := range map[string]func(c *kinds.Cache, n int){
		"entries without tags of their own": func(c *kinds.Cache, n int) {
			cachetest.Fill(t, c.Frequencies, n, func(i int) string { return cachetest.Text(i, 8) }, func(i int) int { return i })
		},
		"entries with a tag each": func(c *kinds.Cache, n int) { cachetest.Fill(t, c.Liked, n, mark, func(int) bool { return true }) },
	} {
		var measured, weighed, entries int64
		for _, n := range []int{8000, 10_000, 12_000, 14_000} {
			before := heap()
			c := cachetest.Open(t, nil)
			load(c, n)
			measured, weighed, entries = measured+heap()-before, weighed+weight(c), entries+int64(n)
			runtime.KeepAlive(c)
		}
		t.Logf("%s: %d bytes each, weighed as %d", name, measured/entries, weighed/entries)
		if measured < weighed*9/10 || measured > weighed*11/10 {
			t.Errorf("%s: %d bytes each, weighed as %d", name, measured/entries, weighed/entries)
		}
	}
}

// TestHeapStaysWithinTheBudget fills the near tier with the longest and the shortest keys and values. The heap may exceed the budget
// by a fifth: the allocator rounds sizes up, by an eighth at most for large ones, and the tables of a full tier have unused places.
func TestHeapStaysWithinTheBudget(t *testing.T) {
	const budget = 8 << 20
	filter := func(i int) kinds.SquareFilter {
		return kinds.SquareFilter{Category: widest(i, plaintext.MaxCategory), Tag: widest(i, plaintext.MaxTag), Format: "DOCX"}
	}
	long := func(i int) kinds.SearchKey {
		return kinds.SearchKey{Query: widest(i, plaintext.MaxQuery), Filter: filter(i)}
	}
	snippet := func(i int) kinds.SnippetKey { return kinds.SnippetKey{Query: widest(i, plaintext.MaxQuery)} }
	square := func(i int) kinds.SquareKey { return kinds.SquareKey{Filter: filter(i)} }
	rendering := func(i int) kinds.RenderingKey {
		return kinds.RenderingKey{Text: kinds.RevisionKey{Document: cachetest.Numbered(i)}}
	}
	prefix := func(i int) kinds.SuggestionKey { return kinds.SuggestionKey{Prefix: cachetest.Text(i, 8)} }
	for name, load := range map[string]func(c *kinds.Cache){
		"full documents":  func(c *kinds.Cache) { cachetest.Fill(t, c.Documents, 2000, cachetest.Numbered, fullDocument) },
		"empty documents": func(c *kinds.Cache) { cachetest.Fill(t, c.Documents, 15000, cachetest.Numbered, empty[ent.Document]) },
		"users":           func(c *kinds.Cache) { cachetest.Fill(t, c.Users, 15000, cachetest.Numbered, empty[ent.User]) },
		"statistics": func(c *kinds.Cache) {
			cachetest.Fill(t, c.DocumentStats, 20000, cachetest.Numbered, empty[ent.DocumentStats])
		},
		"numbers": func(c *kinds.Cache) {
			cachetest.Fill(t, c.ReplyTotals, 30000, cachetest.Numbered, func(i int) int { return i })
		},
		"texts": func(c *kinds.Cache) {
			cachetest.Fill(t, c.HTML, 100, rendering, func(i int) *markdown.Document { return &markdown.Document{HTML: cachetest.Text(i, 256<<10)} })
		},
		"longest keys":     func(c *kinds.Cache) { cachetest.Fill(t, c.Searches, 4000, long, foundOf(1)) },
		"longest filters":  func(c *kinds.Cache) { cachetest.Fill(t, c.SquareTotal, 15000, filter, func(i int) int { return i }) },
		"longest squares":  func(c *kinds.Cache) { cachetest.Fill(t, c.Square, 12000, square, none[page.IDs]) },
		"longest snippets": func(c *kinds.Cache) { cachetest.Fill(t, c.Snippets, 4000, snippet, empty[kinds.Snippets]) },
		"keys that are too long": func(c *kinds.Cache) {
			cachetest.Fill(t, c.SquareTotal, 400, func(i int) kinds.SquareFilter { return kinds.SquareFilter{Tag: cachetest.Text(i, 1<<20)} }, func(i int) int { return i })
			cachetest.Fill(t, c.Usernames, 400, func(i int) string { return cachetest.Text(i, 1<<20) }, func(int) uuid.UUID { return uuid.Nil })
			cachetest.Fill(t, c.ReplyTotals, 30000, cachetest.Numbered, func(i int) int { return i }) // what they have not displaced
		},
		"longest lists":  func(c *kinds.Cache) { cachetest.Fill(t, c.Searches, 250, long, foundOf(5000)) },
		"pages":          func(c *kinds.Cache) { cachetest.Fill(t, c.CommentsOf, 5000, listOf, pageOf) },
		"missing values": func(c *kinds.Cache) { cachetest.Fill(t, c.Suggestions, 30000, prefix, none[[]kinds.Suggestion]) },
	} {
		t.Run(name, func(t *testing.T) {
			before := heap()
			c := cachetest.Open(t, nil, nearBytes(budget))
			load(c)
			grown, weighed := heap()-before, weight(c)
			t.Logf("%.2f of the budget", float64(grown)/budget)
			if weighed < budget*9/10 || weighed > budget {
				t.Errorf("the weight is %d, the budget %d", weighed, budget)
			}
			if grown > budget*6/5 {
				t.Errorf("the heap has grown by %d, the budget is %d", grown, budget)
			}
			runtime.KeepAlive(c)
		})
	}
}
