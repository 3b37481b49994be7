package document

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/text/markdown"
)

// Previews returns the rendered texts of editor sessions, as a document with the text is rendered. It does not check the viewer. Each text
// is rendered once, in the places of Renderings.
func (s *Service) Previews(ctx context.Context, keys []kinds.PreviewKey) (map[kinds.PreviewKey]*markdown.Document, error) {
	return s.cache.Previews.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.PreviewKey) (map[kinds.PreviewKey]*markdown.Document, error) {
		sessions := make([]uuid.UUID, len(keys))
		for i, k := range keys {
			sessions[i] = k.Session
		}
		rows, err := s.store.DB.EditorSession.Query().Where(editorsession.IDIn(sessions...)).All(ctx)
		if err != nil {
			return nil, err
		}
		found := store.ByKey(rows, func(x *ent.EditorSession) uuid.UUID { return x.ID })
		files, err := s.filesOf(ctx, documentsOf(keys, found))
		if err != nil {
			return nil, err
		}
		out := make(map[kinds.PreviewKey]*markdown.Document, len(keys))
		for _, k := range keys {
			x := found[k.Session]
			if x == nil {
				continue
			}
			known := files[k.Document]
			if known.Sizes == nil {
				known.Sizes = s.sizes(ctx, x.UserID)
			}
			if out[k], err = s.render(ctx, document.Format(x.Format), x.Content, known, slog.Any("session", x.ID)); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// documentsOf returns the documents of previews in Markdown.
func documentsOf(keys []kinds.PreviewKey, found map[uuid.UUID]*ent.EditorSession) (ids []uuid.UUID) {
	for _, k := range keys {
		if x := found[k.Session]; x != nil && x.Format == editorsession.FormatMD && k.Document != uuid.Nil {
			ids = append(ids, k.Document)
		}
	}
	return ids
}
