package search

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestBlocksOfDays compares the tokens of an entry and of a filter with the days themselves.
func TestBlocksOfDays(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	day := func() kinds.Day { return 1 + kinds.Day(random.Int32N(int32(kinds.MaxDay))) }
	within := func(day kinds.Day, days kinds.Days) bool {
		return day >= days.From && (days.To == 0 || day <= days.To)
	}
	for range 2000 {
		days := kinds.Days{From: day()}
		days.To = min(days.From+kinds.Day(random.Int32N(1<<random.IntN(22))), kinds.MaxDay)
		switch random.IntN(4) {
		case 0:
			days.From = 0
		case 1:
			days.To = 0
		}
		tokens := publishedIn(days)
		if len(tokens) > 100 || len(tokens) == 0 {
			t.Fatalf("%+v has %d tokens", days, len(tokens))
		}
		for _, d := range []kinds.Day{days.From, days.From - 1, days.To, days.To + 1, day(), day(), 1, kinds.MaxDay} {
			if d < 1 || d > kinds.MaxDay {
				continue
			}
			common := 0
			for _, token := range publishedOn(d) {
				if slices.Contains(tokens, token) {
					common++
				}
			}
			if want := within(d, days); (common == 1) != want || common > 1 {
				t.Fatalf("day %d has %d of the tokens of %+v", d, common, days)
			}
		}
	}
	if tokens := publishedIn(kinds.Days{}); tokens != nil {
		t.Errorf("all days have the tokens %v", tokens)
	}
}

// TestDaysOfPublication finds what was published on some days, on both engines, also after the index was rebuilt.
func TestDaysOfPublication(t *testing.T) {
	texts := []string{"2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"} // the day is the text
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			s, err := store.Open(t.Context(), testkit.Database(t, dialect), store.Invalidation{Tags: func(any) []string { return nil }, Replace: func(context.Context, []string) error { return nil }}, slog.New(slog.DiscardHandler))
			testkit.Must(t, err)
			defer func() { _ = s.Close() }()
			x, ctx := New(s), t.Context()
			testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error {
				u := tx.User.Create().SetUsername("ann").SetEmail("a").SetDisplayName("Ann").SaveX(ctx)
				for _, text := range append(texts, "") {
					create := tx.Document.Create().SetAuthorID(u.ID).SetTitle(text).SetVisibility(document.VisibilityPublic).SetFormat(document.FormatTXT)
					if text != "" {
						create.SetPublishedAt(dayOf(t, text).Start())
					}
					d := create.SaveX(ctx)
					tx.Revision.Create().SetDocumentID(d.ID).SetNumber(1).SetTitle(text).SetBody("缓存 needle").ExecX(ctx)
					if err := Put(ctx, tx, d, x.Analyse(d, "缓存 needle")); err != nil {
						return err
					}
				}
				return nil
			}))
			for _, query := range []string{"needle", "缓存"} {
				compareDays(t, x, query, texts)
			}
			testkit.Must(t, x.Rebuild(ctx, func(int, int) {}))
			compareDays(t, x, "needle", texts)
		})
	}
}

func compareDays(t *testing.T, x Index, query string, texts []string) {
	t.Helper()
	corpus, err := x.Corpus(t.Context())
	testkit.Must(t, err)
	for _, from := range append(texts, "") {
		for _, to := range append(texts, "") {
			days := kinds.Days{From: dayOf(t, from), To: dayOf(t, to)}
			if days == (kinds.Days{}) || to != "" && to < from {
				continue
			}
			result, err := x.Find(t.Context(), Parse(query), Filter{Published: days}, corpus, map[string]int{})
			testkit.Must(t, err)
			var got, want []string
			for _, h := range result.Hits {
				got = append(got, x.store.DB.Document.GetX(t.Context(), h.Document).Title)
			}
			for _, text := range texts {
				if text >= from && (to == "" || text <= to) {
					want = append(want, text)
				}
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s from %q to %q finds %s, want %s", query, from, to, strings.Join(got, " "), strings.Join(want, " "))
			}
		}
	}
}

func dayOf(t *testing.T, text string) kinds.Day {
	t.Helper()
	if text == "" {
		return 0
	}
	at, err := time.Parse(time.DateOnly, text)
	testkit.Must(t, err)
	return kinds.DayOf(at)
}
