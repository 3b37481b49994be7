package search

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestMerge leaves the segments of the index of words to Merge: writes make one each, and merging changes nothing that is found.
func TestMerge(t *testing.T) {
	const documents = 14 // SQLite merges 16 segments in any case
	s, err := store.Open(t.Context(), testkit.Database(t, "sqlite"), store.Invalidation{Tags: func(any) []string { return nil }}, slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	defer s.Close()
	index := New(s)
	var author *ent.User
	testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) (err error) {
		author, err = tx.User.Create().SetUsername("ann").SetEmail("ann@example.org").SetDisplayName("Ann").Save(t.Context())
		return err
	}))
	for i := range documents {
		testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error {
			d, err := tx.Document.Create().SetAuthorID(author.ID).SetTitle(fmt.Sprint("Number ", i)).SetVisibility(document.VisibilityPublic).
				SetFormat(document.FormatTXT).SetTags([]string{}).Save(t.Context())
			if err != nil {
				return err
			}
			text := strings.Repeat(fmt.Sprintf("缓存 own%d shared%d ", i, i%2), 20)
			return Put(t.Context(), tx, d, index.Analyse(d, text))
		}))
	}
	count := func(statement string) (n int) {
		t.Helper()
		list, err := store.Select(t.Context(), s, statement, nil, func(rows *entsql.Rows) (n int, err error) {
			err = rows.Scan(&n)
			return n, err
		})
		testkit.Must(t, err)
		return list[0]
	}
	segments := func() int { return count("SELECT COUNT(DISTINCT segid) FROM search_words_idx") }
	found := func() (all []int) {
		for _, words := range []string{"own3", "own13", "shared0", "shared1", "缓存"} {
			all = append(all, count(`SELECT COUNT(*) FROM search_words WHERE search_words MATCH '"`+words+`"'`))
		}
		return all
	}
	before := found()
	if n := segments(); n != documents {
		t.Errorf("%d documents are in %d segments: writes have merged", documents, n)
	}
	last, err := index.mergeNew(t.Context(), -1)
	testkit.Must(t, err)
	if n := segments(); n > 3 {
		t.Errorf("after a merge there are %d segments, want at most 3", n)
	}
	if after := found(); fmt.Sprint(before) != "[1 1 7 7 14]" || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("before a merge %v documents are found, after it %v", before, after)
	}
	for i := range 8 { // segments without an entry
		testkit.Must(t, index.execute(t.Context(), fmt.Sprintf("INSERT INTO search_words (rowid, body) VALUES (%d, 'more')", 1000+i)))
	}
	more := segments()
	again, err := index.mergeNew(t.Context(), last)
	testkit.Must(t, err)
	if n := segments(); again != last || n != more {
		t.Errorf("without a new entry %d segments have become %d", more, n)
	}
}

// TestMergeOfPostgres has nothing to do, and ends.
func TestMergeOfPostgres(t *testing.T) {
	s, err := store.Open(t.Context(), testkit.Database(t, "postgres"), store.Invalidation{Tags: func(any) []string { return nil }}, slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	defer s.Close()
	New(s).RunMerges(context.WithoutCancel(t.Context()), slog.New(slog.DiscardHandler))
}
