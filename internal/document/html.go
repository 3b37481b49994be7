package document

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/text/markdown"
)

// renderTime is the longest time that one text may take. Its work is bounded too: only an overloaded machine takes so long.
const renderTime = 5 * time.Second

// Renderings returns the rendered texts, each rendered once for each state of a document. At most as many texts are rendered at
// a time as there are processors. If the context ends first, the error is that of the context.
func (s *Service) Renderings(ctx context.Context, keys []kinds.RenderingKey) (map[kinds.RenderingKey]*markdown.Document, error) {
	return s.cache.HTML.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.RenderingKey) (map[kinds.RenderingKey]*markdown.Document, error) {
		revisions := make([]kinds.RevisionKey, len(keys))
		for i, k := range keys {
			revisions[i] = k.Text
		}
		texts, err := s.Texts(ctx, revisions)
		if err != nil {
			return nil, err
		}
		files, err := s.filesOf(ctx, inMarkdown(keys))
		if err != nil {
			return nil, err
		}
		out := make(map[kinds.RenderingKey]*markdown.Document, len(keys))
		for _, k := range keys {
			text := texts[k.Text]
			if text == nil {
				continue
			}
			if out[k], err = s.render(ctx, k.Format, text.Body, files[k.Text.Document], slog.Any("document", k.Text.Document), slog.Int("revision", k.Text.Number)); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// place waits for one of the places for work on long texts. The caller must leave it.
func (s *Service) place(ctx context.Context) (leave func(), err error) {
	select {
	case s.rendering <- struct{}{}:
		return func() { <-s.rendering }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inMarkdown returns the documents of Markdown.
func inMarkdown(keys []kinds.RenderingKey) (documents []uuid.UUID) {
	for _, k := range keys {
		if k.Format == document.FormatMD {
			documents = append(documents, k.Text.Document)
		}
	}
	return documents
}

// render renders one text: Markdown, or anything else as paragraphs. The log names the text by the attributes if it exceeds a limit.
func (s *Service) render(ctx context.Context, format document.Format, body string, files markdown.Files, what ...slog.Attr) (*markdown.Document, error) {
	if format != document.FormatMD {
		return markdown.Paragraphs(body), nil
	}
	return s.renderMarkdown(ctx, body, func(ctx context.Context) (*markdown.Document, string, error) {
		return markdown.Render(ctx, body, files)
	}, what...)
}

// renderMarkdown renders a text in one of the places, within renderTime.
func (s *Service) renderMarkdown(ctx context.Context, body string, render func(context.Context) (*markdown.Document, string, error), what ...slog.Attr) (*markdown.Document, error) {
	leave, err := s.place(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	limited, cancel := context.WithTimeout(ctx, renderTime)
	defer cancel()
	cache.Process(ctx, len(body))
	doc, limit, err := render(limited)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		doc, limit, err = markdown.Paragraphs(body), fmt.Sprintf("it takes longer than %v", renderTime), nil
	}
	if limit != "" {
		what = append(what, slog.Int("bytes", len(body)), slog.String("limit", limit))
		s.log.LogAttrs(ctx, slog.LevelWarn, "markdown exceeds a limit, shown as plain paragraphs", what...)
	}
	return doc, err
}
