package search

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/text/plaintext"
)

// BenchmarkPutLargest measures the part of a write that the index takes, with texts of the largest size: replacing the entry of a document within
// the transaction, with its commit. The analysis is done before.
func BenchmarkPutLargest(b *testing.B) {
	filled := func(next func(i int) string) string {
		var text strings.Builder
		for i := 0; text.Len() < plaintext.MaxText; i++ {
			text.WriteString(next(i))
		}
		return strings.ToValidUTF8(text.String()[:plaintext.MaxText], "")
	}
	texts := map[string]string{
		"prose":          filled(func(i int) string { return fmt.Sprintf("Caches keep what %d readers ask for. ", i%50) }),
		"chinese":        filled(func(int) string { return "缓存保存读者所需的内容，写入时使旧的条目失效。" }),
		"distinct words": filled(func(i int) string { return fmt.Sprintf("w%d ", i) }),
		"short words":    filled(func(i int) string { return string(rune('a'+i%26)) + " " }),
		"ideographs":     filled(func(i int) string { return string(rune(0x4e00 + i*7919%20_000)) }),
	}
	for _, dialect := range []string{"sqlite", "postgres"} {
		for name, text := range texts {
			b.Run(dialect+"/"+name, func(b *testing.B) {
				s, err := store.Open(b.Context(), testkit.Database(b, dialect), store.Invalidation{Tags: func(any) []string { return nil }}, slog.New(slog.DiscardHandler))
				testkit.Must(b, err)
				defer s.Close()
				var d *ent.Document
				testkit.Must(b, s.Write(b.Context(), func(tx *store.Tx) error {
					u := tx.User.Create().SetUsername("ann").SetEmail("ann@example.org").SetDisplayName("Ann").SaveX(b.Context())
					d = tx.Document.Create().SetAuthorID(u.ID).SetTitle("Largest").SetVisibility(document.VisibilityPublic).SetFormat(document.FormatTXT).SetTags([]string{}).SaveX(b.Context())
					return nil
				}))
				e := New(s).Analyse(d, text)
				for b.Loop() {
					testkit.Must(b, s.Write(b.Context(), func(tx *store.Tx) error { return Put(b.Context(), tx, d, e) }))
				}
			})
		}
	}
}
