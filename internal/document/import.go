package document

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docsquare/internal/counters"
	"docsquare/internal/store"
)

// Renew brings a document to what a draft says and says whether that changed anything; a changed text, title or summary
// makes a new revision. The visibility stays as it is, for its author may have taken the document back. It is blind to
// the viewer: imports alone call it. NOT_FOUND where there is no such document, BAD_USER_INPUT for bad fields.
func Renew(ctx context.Context, tx *store.Tx, id uuid.UUID, draft Draft) (changed bool, err error) {
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
	})
	if err != nil {
		return false, err
	}
	if text == nil && old.Format == next.Format && same(old.Category, next.Category) && slices.Equal(old.Tags, next.Tags) {
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
