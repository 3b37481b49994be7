package document

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/counters"
	"docsquare/internal/store"
)

// Renew changes a document to what a draft describes, and returns whether that changed anything. A changed text, title or summary
// makes a new revision. Without visibility, the document keeps its own. It checks no viewer: only imports call it. It returns
// NOT_FOUND if there is no such document, and BAD_USER_INPUT for bad fields.
func Renew(ctx context.Context, tx *store.Tx, id uuid.UUID, draft Draft, visibility *document.Visibility) (changed bool, err error) {
	want, body, err := draft.Check()
	if err != nil {
		return false, err
	}
	old, err := counters.Document(ctx, tx, id)
	if err != nil {
		return false, err
	}
	var s Service // neither method asks for what is in it
	next, text, err := s.apply(ctx, tx, old, Change{
		Title: &want.Title, Summary: &want.Summary, Body: &body, Format: &want.Format, Category: &want.Category, Tags: want.Tags,
		Visibility: visibility,
	})
	if err != nil {
		return false, err
	}
	if text == nil && old.Format == next.Format && old.Visibility == next.Visibility && same(old.Category, next.Category) && slices.Equal(old.Tags, next.Tags) {
		return false, nil
	}
	_, err = s.replace(ctx, tx, old, next, text)
	return err == nil, err
}

func same(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
