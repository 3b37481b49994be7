package document

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"docsquare/ent/document"
	"docsquare/internal/text/markdown"
)

func TestRenderByFormat(t *testing.T) {
	s := New(nil, nil, 0, slog.New(slog.DiscardHandler))
	for format, want := range map[document.Format]string{
		document.FormatMD: "<p><em>字</em></p>\n", document.FormatTXT: "<p>*字*</p>\n", document.FormatPDF: "<p>*字*</p>\n", document.FormatDOCX: "<p>*字*</p>\n",
	} {
		doc, err := s.render(t.Context(), format, "*字*", markdown.Files{})
		if err != nil || doc.HTML != want {
			t.Errorf("%s: got %v, %v", format, doc, err)
		}
	}
}

func TestTextBeyondALimitIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	s := New(nil, nil, 0, slog.New(slog.NewTextHandler(&log, nil)))
	const columns = 1000
	table := strings.Repeat("|a", columns) + "|\n" + strings.Repeat("|-", columns) + "|\n" + strings.Repeat("b\n", columns)
	doc, err := s.render(t.Context(), document.FormatMD, table, markdown.Files{})
	if err != nil || !strings.HasPrefix(doc.HTML, "<p>|a") || len(doc.HTML) > 4*len(table) {
		t.Fatalf("got %v", err)
	}
	if got := strings.Count(log.String(), "\n"); got != 1 || !strings.Contains(log.String(), "limit=") {
		t.Errorf("got %d lines: %s", got, log.String())
	}
}

// A client that leaves does not wait for a place, and takes none.
func TestRenderWaitsNoLongerThanItsContext(t *testing.T) {
	s := New(nil, nil, 0, slog.New(slog.DiscardHandler))
	for range cap(s.rendering) {
		s.rendering <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.render(ctx, document.FormatMD, "a", markdown.Files{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := s.compare(ctx, "a", "b"); !errors.Is(err, context.Canceled) {
		t.Errorf("a comparison: %v", err)
	}
	<-s.rendering
	if _, err := s.render(t.Context(), document.FormatMD, "a", markdown.Files{}); err != nil {
		t.Errorf("got %v", err)
	}
	if len(s.rendering) != cap(s.rendering)-1 {
		t.Errorf("%d of %d places are taken", len(s.rendering), cap(s.rendering))
	}
}
