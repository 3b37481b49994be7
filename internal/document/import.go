package document

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/search"
	"docsquare/internal/store"
)

// Renewal changes a document to what a draft describes. It checks no viewer: only imports use it.
type Renewal struct{ Prepared }

// PrepareRenewal prepares a renewal, and returns whether it changes anything. A changed text, title or summary makes a new revision.
// Without visibility, the document keeps its own. It returns NOT_FOUND if there is no such document, and BAD_USER_INPUT for bad fields.
func PrepareRenewal(ctx context.Context, x search.Index, db *ent.Client, id uuid.UUID, draft Draft, visibility *document.Visibility) (r Renewal, changed bool, err error) {
	want, body, err := draft.Check()
	if err != nil {
		return r, false, err
	}
	old, err := db.Document.Query().Where(document.ID(id)).Only(ctx)
	if ent.IsNotFound(err) {
		return r, false, errs.Missing("document")
	}
	if err != nil {
		return r, false, err
	}
	kept, err := textOf(ctx, db, old)
	if err != nil {
		return r, false, err
	}
	p, err := prepareChange(x, old, kept, Change{
		Title: &want.Title, Summary: &want.Summary, Body: &body, Format: &want.Format, Category: &want.Category, Tags: want.Tags,
		Visibility: visibility,
	})
	changed = p.body != nil || err == nil && (old.Format != p.next.Format || old.Visibility != p.next.Visibility || !same(old.Category, p.next.Category) || !sameTags(old.Tags, p.next.Tags))
	return Renewal{p}, changed, err
}

// Write writes the renewal. It returns store.ErrStale if the document has changed since it was prepared.
func (r Renewal) Write(ctx context.Context, tx *store.Tx) error {
	now, err := counters.Document(ctx, tx, r.old.ID)
	if err != nil {
		return err
	}
	if r.stale(now) {
		return store.ErrStale
	}
	_, err = replace(ctx, tx, r.Prepared)
	return err
}

func same(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
