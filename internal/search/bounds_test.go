package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var errLeft = errors.New("the client has left")

// patience is a context that ends after it was asked so many times whether it has.
type patience struct {
	context.Context
	left *int
}

func patient(t *testing.T, asked int) patience { return patience{t.Context(), &asked} }

func (p patience) Err() error {
	if *p.left--; *p.left < 0 {
		return errLeft
	}
	return nil
}

// asked reports whether a unit of work is begun although the context has ended.
func (p patience) asked() int { return max(-*p.left, 0) }

// TestCanceledRankingStops ends the context of a search after a few of a thousand candidates: none is ranked after that.
func TestCanceledRankingStops(t *testing.T) {
	terms := analyse(&ent.Document{Title: "one", Format: document.FormatTXT}, "two three").encode()
	found := make([]candidate, Most)
	for i := range found {
		found[i] = candidate{number: int64(i), document: uuid.UUID{byte(i), byte(i >> 8), 1}, size: len(terms), terms: terms}
	}
	q := Parse("two")
	r := newRanker(q.units(), kinds.Corpus{Averages: make([]float64, fieldCount)}, nil)
	ctx := patient(t, 10)
	if _, _, err := (Index{}).rank(ctx, r, found); !errors.Is(err, errLeft) || ctx.asked() != 1 {
		t.Errorf("%d candidates after the end, %v", ctx.asked(), err)
	}
	if hits, left, err := (Index{}).rank(t.Context(), r, found); err != nil || left || len(hits) != Most {
		t.Errorf("without an end: %d hits, %v, %v", len(hits), left, err)
	}
}

// TestCandidatesAreBounded selects which entries of large documents are read: the smallest, in parts, and no more bytes than the bound.
func TestCandidatesAreBounded(t *testing.T) {
	var large []candidate
	for i := range Most {
		large = append(large, candidate{number: int64(i), size: smallTerms + 1 + (i*7919)%maxDistinct})
	}
	parts, left := batches(large)
	sum, last := 0, 0
	for _, part := range parts {
		size := 0
		for _, c := range part {
			if c.size < last {
				t.Fatal("a smaller entry follows a larger one")
			}
			size, last = size+c.size, c.size
		}
		if len(part) == 0 || len(part) > 1 && size > termsAtOnce {
			t.Errorf("a part has %d entries of %d bytes", len(part), size)
		}
		sum += size
	}
	if !left || sum > largeTerms || sum < largeTerms/2 {
		t.Errorf("%d bytes are read, %v", sum, left)
	}
	if parts, left := batches(large[:2]); len(parts) == 0 || left {
		t.Errorf("of two entries: %v, %v", parts, left)
	}
	if parts, left := batches(nil); len(parts) != 0 || left {
		t.Errorf("of no entry: %v, %v", parts, left)
	}
}

// TestLargeEntriesAreRanked finds documents with small and with large entries, on both databases.
func TestLargeEntriesAreRanked(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			log := slog.New(slog.DiscardHandler)
			s, err := store.Open(t.Context(), testkit.Database(t, dialect), store.Invalidation{Tags: func(any) []string { return nil }, Replace: func(context.Context, []string) error { return nil }}, log)
			testkit.Must(t, err)
			defer func() { _ = s.Close() }()
			x, ctx := New(s), t.Context()
			var words strings.Builder
			for i := range 3000 {
				words.WriteString("w" + uuid.UUID{byte(i), byte(i >> 8)}.String()[:4] + " ")
			}
			ids := map[string]uuid.UUID{}
			testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error {
				u := tx.User.Create().SetUsername("ann").SetEmail("a").SetDisplayName("Ann").SaveX(ctx)
				for title, text := range map[string]string{"small": "needle", "large": "needle " + words.String(), "other": words.String()} {
					d := tx.Document.Create().SetAuthorID(u.ID).SetTitle(title).SetVisibility(document.VisibilityPublic).SetFormat(document.FormatTXT).SaveX(ctx)
					ids[title] = d.ID
					e := x.Analyse(d, text)
					if large := len(e.terms) > smallTerms; large != (title != "small") {
						t.Errorf("%s has an entry of %d bytes", title, len(e.terms))
					}
					if err := Put(ctx, tx, d, e); err != nil {
						return err
					}
				}
				return nil
			}))
			corpus, err := x.Corpus(ctx)
			testkit.Must(t, err)
			result, err := x.Find(ctx, Parse("needle"), Filter{}, corpus, map[string]int{"needl": 2})
			testkit.Must(t, err)
			if len(result.Hits) != 2 || result.Hits[0].Document != ids["small"] || result.Hits[1].Document != ids["large"] || result.Limited {
				t.Errorf("found %+v, of %v", result, ids)
			}
			ended, cancel := context.WithCancel(ctx)
			cancel()
			if _, err := x.Find(ended, Parse("needle"), Filter{}, corpus, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("a canceled search: %v", err)
			}
		})
	}
}

// TestExcerptIsBounded asks of a long text how many blocks are read: few if they match, none after the end of the context.
func TestExcerptIsBounded(t *testing.T) {
	filler := strings.Repeat("nothing to see here, neither 中文 nor other words\n", 10_000)
	for name, tc := range map[string]struct {
		query, text, want string
	}{
		"at the beginning": {"outbox relay", "the outbox has a relay\n" + filler, "<mark>outbox</mark> has a <mark>relay</mark>"},
		"at the end":       {"outbox relay", filler + "the outbox has a relay\n", "<mark>outbox</mark> has a <mark>relay</mark>"},
		"the better":       {"outbox relay", "an outbox\n" + filler + "the outbox has a relay\n" + filler, "<mark>outbox</mark> has a <mark>relay</mark>"},
		"within markup":    {"outbox", filler + "the **out**box\n", "<mark>outbox</mark>"},
		"ideographs":       {"缓存", filler + "关于缓存的文章\n", "<mark>缓存</mark>"},
		"short words":      {"sky", "skies\n" + filler, "<mark>skies</mark>"},
		"one line":         {"缓存", strings.Repeat("文", 100_000) + "缓存", "<mark>缓存</mark>"},
	} {
		html, ok, err := Parse(tc.query).Excerpt(t.Context(), document.FormatMD, tc.text)
		if err != nil || !ok || !strings.Contains(html, tc.want) {
			t.Errorf("%s: %q, %v, %v", name, html, ok, err)
		}
		if n := len([]rune(html)); n > snippetSize+2*maxToken+len("<mark></mark>")*20 {
			t.Errorf("%s: %d characters", name, n)
		}
	}
	every := strings.Repeat("outbox and something else\n", 20_000)
	ctx := patient(t, 1_000_000)
	_, _, err := Parse("outbox missing").Excerpt(ctx, document.FormatMD, every)
	testkit.Must(t, err)
	if blocks := 1_000_000 - *ctx.left; blocks > excerptBytes/excerptBlock+2 {
		t.Errorf("%d blocks of a text are read", blocks)
	}
	ctx = patient(t, 3)
	if _, _, err := Parse("outbox missing").Excerpt(ctx, document.FormatMD, every); !errors.Is(err, errLeft) || ctx.asked() != 1 {
		t.Errorf("%d blocks after the end, %v", ctx.asked(), err)
	}
}

// BenchmarkExcerpt cuts a snippet from the largest text, of whose words the query has one.
func BenchmarkExcerpt(b *testing.B) {
	text := strings.Repeat("Caches keep what readers ask for, and a write replaces stamps.\n", 8000)
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			Parse("cache missing").Snippet(Plain(document.FormatMD, text))
		}
	})
	b.Run("bounded", func(b *testing.B) {
		for b.Loop() {
			_, _, err := Parse("cache missing").Excerpt(b.Context(), document.FormatMD, text)
			testkit.Must(b, err)
		}
	})
}

// TestAnalysisAllocatesInProportion analyses long texts of one kind of token each: what is allocated is at most so many times the text.
func TestAnalysisAllocatesInProportion(t *testing.T) {
	const length, bound = 256 << 10, 64
	texts := map[string]func(i int) string{
		"words":             func(i int) string { return fmt.Sprintf("w%d ", i) },
		"letters":           func(int) string { return "a " },
		"hyphens":           func(int) string { return "a-b " },
		"underscores":       func(int) string { return "*a_b" },
		"long compounds":    func(int) string { return "a-b_c-d_e-f_g-h " },
		"names with dots":   func(int) string { return "a.b::c@d " },
		"versions":          func(i int) string { return fmt.Sprintf("v1.2.%d ", i%100) },
		"options":           func(int) string { return "--a-b -c " },
		"URLs":              func(i int) string { return fmt.Sprintf("https://a.b/c-d_%d?e=f ", i%100) },
		"plurals":           func(int) string { return "words' cats's tries " },
		"languages":         func(int) string { return "c++ c# .net " },
		"ideographs":        func(i int) string { return string(rune(0x4e00 + i*7919%20_000)) },
		"traditional words": func(int) string { return "以後的資料庫" },
		"katakana":          func(int) string { return "ｻｰﾊﾞｰの" },
		"accents":           func(int) string { return "cafe\u0301 " },
		"apostrophes":       func(int) string { return "can´t can`t " },
		"marks":             func(int) string { return "a\u0301\u0302\u0303" },
	}
	for name, next := range texts {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			for i := 0; text.Len() < length; i++ {
				text.WriteString(next(i))
			}
			d := &ent.Document{Title: "one", Format: document.FormatTXT}
			analyse(d, text.String()) // tables that are built once
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			analyse(d, text.String())
			runtime.ReadMemStats(&after)
			if times := (after.TotalAlloc - before.TotalAlloc) / uint64(text.Len()); times > bound {
				t.Errorf("%d bytes are allocated for each byte of the text, at most %d are expected", times, bound)
			}
		})
	}
}
