package document

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docsquare/ent/document"
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
		files, err := s.filesOf(ctx, keys)
		if err != nil {
			return nil, err
		}
		out := make(map[kinds.RenderingKey]*markdown.Document, len(keys))
		for _, k := range keys {
			text := texts[k.Text]
			if text == nil {
				continue
			}
			if out[k], err = s.render(ctx, k, text.Body, files[k.Text.Document]); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// render renders one text: Markdown, or anything else as paragraphs.
func (s *Service) render(ctx context.Context, key kinds.RenderingKey, body string, files markdown.Files) (*markdown.Document, error) {
	if key.Format != document.FormatMD {
		return markdown.Paragraphs(body), nil
	}
	select {
	case s.rendering <- struct{}{}:
		defer func() { <-s.rendering }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, renderTime)
	defer cancel()
	doc, limit, err := markdown.Render(limited, body, files)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		doc, limit, err = markdown.Paragraphs(body), fmt.Sprintf("it takes longer than %v", renderTime), nil
	}
	if limit != "" {
		s.log.WarnContext(ctx, "markdown exceeds a limit, shown as plain paragraphs", "document", key.Text.Document, "revision", key.Text.Number, "bytes", len(body), "limit", limit)
	}
	return doc, err
}
