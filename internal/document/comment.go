package document

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"docsquare/ent/comment"
	"docsquare/internal/store/present"
	"docsquare/internal/text/markdown"
)

// CommentRenderings returns the rendered texts of comments, each rendered once for each state of a comment, in the places of Renderings. It does
// not check the viewer.
func (s *Service) CommentRenderings(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*markdown.Document, error) {
	return s.cache.CommentHTML.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*markdown.Document, error) {
		rows, err := s.store.DB.Comment.Query().Where(comment.IDIn(ids...), present.Comment()).All(ctx)
		if err != nil {
			return nil, err
		}
		out := make(map[uuid.UUID]*markdown.Document, len(rows))
		for _, c := range rows {
			name := c.ID.String()
			name = name[len(name)-uniqueDigits:]
			out[c.ID], err = s.renderMarkdown(ctx, c.Body, func(ctx context.Context) (*markdown.Document, string, error) {
				return markdown.RenderComment(ctx, c.Body, name)
			}, slog.Any("comment", c.ID))
			if err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

// uniqueDigits is how many of the last digits of an identifier, which are random, make the ids of a comment unique on a page.
const uniqueDigits = 12
