package document

import (
	"context"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Commit is what a document gets in addition to the text of an editor session. Nil fields are those of the session, or stay
// as they are in the document.
type Commit struct {
	DocumentRevision *int // that the text was merged with; nil: the one that the session was begun on
	Title            *string
	Summary          *string
	Visibility       *document.Visibility // nil for a new document: private
	Category         **string
	Tags             []string
}

// Committing is what makes a document of the text of an editor session of the viewer's, or the next revision of one, within
// the transaction that ends the session. Errors are those of Create and Update; the CONFLICT of a document that has moved on
// carries the text as it is now and as it was when the session was begun, which is what a merge needs.
func (s *Service) Committing(ctx context.Context, v viewer.Viewer, c Commit) func(tx *store.Tx, x *ent.EditorSession) (*ent.Document, error) {
	return func(tx *store.Tx, x *ent.EditorSession) (*ent.Document, error) {
		title := x.Title
		if c.Title != nil {
			title = *c.Title
		}
		if x.DocumentID == nil {
			return s.commitNew(ctx, tx, v, x, title, c)
		}
		old, err := editable(ctx, tx, v, *x.DocumentID)
		if err != nil {
			return nil, err
		}
		base := c.DocumentRevision
		if base == nil {
			base = x.DocumentRevision
		}
		if base == nil || old.Revision != *base {
			return nil, diverged(ctx, tx, old, x.DocumentRevision)
		}
		next, body, err := s.apply(ctx, tx, old, Change{
			Title: &title, Summary: c.Summary, Body: &x.Content, Visibility: c.Visibility, Category: c.Category, Tags: c.Tags,
		})
		if err != nil {
			return nil, err
		}
		return s.replace(ctx, tx, old, next, body)
	}
}

func (s *Service) commitNew(ctx context.Context, tx *store.Tx, v viewer.Viewer, x *ent.EditorSession, title string, c Commit) (*ent.Document, error) {
	draft := Draft{
		Title: title, Summary: c.Summary, Body: x.Content, Format: document.Format(x.Format), Visibility: document.VisibilityPrivate, Tags: c.Tags,
	}
	if c.Visibility != nil {
		draft.Visibility = *c.Visibility
	}
	if c.Category != nil {
		draft.Category = *c.Category
	}
	d, body, err := draft.Check()
	if err != nil {
		return nil, err
	}
	d.AuthorID = v.UserID
	return Insert(ctx, tx, d, body)
}

// diverged is the CONFLICT of a text with a document that has moved on since revision base.
func diverged(ctx context.Context, tx *store.Tx, d *ent.Document, base *int) error {
	now, err := textOf(ctx, tx, d)
	if err != nil {
		return err
	}
	e := errs.New(errs.Conflict, "the document is at revision %d by now: merge its text into yours, save that, and commit with documentRevision %d", d.Revision, d.Revision)
	e.Field, e.Details = "documentRevision", map[string]any{"revision": d.Revision, "document": described(now), "base": nil}
	if base == nil {
		return e
	}
	then, err := tx.Revision.Query().Where(revision.DocumentID(d.ID), revision.Number(*base)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return err
	}
	if then != nil {
		e.Details["base"] = described(then)
	}
	return e
}

func described(r *ent.Revision) map[string]any {
	return map[string]any{"revision": r.Number, "title": r.Title, "summary": r.Summary, "body": r.Body, "createdAt": r.CreatedAt}
}
