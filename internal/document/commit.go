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

// Committing prepares what makes a document of the text of an editor session of the viewer's, or the next revision of one. The function that
// it returns writes it, in the transaction that ends the session, and returns store.ErrStale if the document has changed since. Errors are
// those of Create and Update; the CONFLICT of a document that has moved on carries the text as it is now and as it was when the session
// was begun, which is what a merge needs.
func (s *Service) Committing(ctx context.Context, v viewer.Viewer, c Commit) func(x *ent.EditorSession) (write func(tx *store.Tx) (*ent.Document, error), err error) {
	return func(x *ent.EditorSession) (func(tx *store.Tx) (*ent.Document, error), error) {
		title := x.Title
		if c.Title != nil {
			title = *c.Title
		}
		if x.DocumentID == nil {
			p, err := s.prepareNew(v, x, title, c)
			return func(tx *store.Tx) (*ent.Document, error) { return Insert(ctx, tx, p) }, err
		}
		old, text, err := s.read(ctx, v, *x.DocumentID)
		if err != nil {
			return nil, err
		}
		base := c.DocumentRevision
		if base == nil {
			base = x.DocumentRevision
		}
		if base == nil || old.Revision != *base {
			return nil, s.diverged(ctx, old, x.DocumentRevision)
		}
		p, err := prepareChange(s.index, old, text, Change{
			Title: &title, Summary: c.Summary, Body: &x.Content, Visibility: c.Visibility, Category: c.Category, Tags: c.Tags,
		})
		return func(tx *store.Tx) (*ent.Document, error) { return s.write(ctx, tx, v, p) }, err
	}
}

func (s *Service) prepareNew(v viewer.Viewer, x *ent.EditorSession, title string, c Commit) (Prepared, error) {
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
		return Prepared{}, err
	}
	d.AuthorID = v.UserID
	p := Prepare(s.index, d, body)
	p.quota = s.quota
	return p, nil
}

// diverged is the CONFLICT of a text with a document that has moved on since revision base.
func (s *Service) diverged(ctx context.Context, d *ent.Document, base *int) error {
	revisions := s.store.DB.Revision.Query
	now, err := revisions().Where(revision.DocumentID(d.ID), revision.Number(d.Revision)).Only(ctx)
	if ent.IsNotFound(err) {
		return store.ErrStale
	}
	if err != nil {
		return err
	}
	e := errs.New(errs.Conflict, "The document was changed (current revision: %d). Merge its text into yours, save, and commit with documentRevision %d.", d.Revision, d.Revision)
	e.Field, e.Details = "documentRevision", map[string]any{"revision": d.Revision, "document": described(now), "base": nil}
	if base == nil {
		return e
	}
	then, err := revisions().Where(revision.DocumentID(d.ID), revision.Number(*base)).Only(ctx)
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
