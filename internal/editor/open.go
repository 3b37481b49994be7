package editor

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/revision"
	"docsquare/ent/schema"
	"docsquare/internal/counters"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Beginning is a text to write. Nil fields are taken from the document.
type Beginning struct {
	Document *uuid.UUID // nil: a new one
	Title    *string
	Content  *string
	Format   *document.Format // of a new document; nil: Markdown
}

// maxSessions is how many sessions an account may have that can be gone on with.
const maxSessions = 100

// Open opens a session, or resumes the one that the viewer has on the document: resumed reports which. It returns
// UNAUTHENTICATED for a guest, NOT_FOUND for a document that the viewer cannot see, FORBIDDEN for one of others, and
// BAD_USER_INPUT for a bad text, for a document that is no text, or where there are too many sessions.
func (s *Service) Open(ctx context.Context, v viewer.Viewer, b Beginning) (x *ent.EditorSession, resumed bool, err error) {
	user, err := v.SignedIn()
	if err != nil {
		return nil, false, err
	}
	if err := b.check(); err != nil {
		return nil, false, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		create := tx.EditorSession.Create().SetUserID(user)
		if b.Document != nil {
			if x, err = s.begin(ctx, tx, v, *b.Document, create); err != nil {
				return err
			}
			if resumed = x != nil; resumed {
				x, err = reopen(ctx, tx, x)
				return err
			}
		}
		if err := room(ctx, tx, user); err != nil {
			return err
		}
		if b.Title != nil {
			create.SetTitle(*b.Title)
		}
		if b.Content != nil {
			create.SetContent(*b.Content)
		}
		if b.Format != nil && b.Document == nil {
			create.SetFormat(editorsession.Format(*b.Format))
		}
		if x, err = create.Save(ctx); err == nil {
			textusage.Add(tx, user, len(x.Content), s.quota)
			tx.Invalidate(x)
		}
		return err
	})
	return x, resumed, err
}

// check brings the title into the form of names.
func (b *Beginning) check() error {
	if b.Title != nil {
		title, err := checkTitle(*b.Title)
		if err != nil {
			return err
		}
		b.Title = &title
	}
	if b.Content != nil {
		if err := checkContent(*b.Content); err != nil {
			return err
		}
	}
	if b.Format != nil && *b.Format != document.FormatMD && *b.Format != document.FormatTXT {
		return errs.BadInput("format", "a text is written in MD or TXT; %s comes from an upload", *b.Format)
	}
	return nil
}

// begin has a new session begin with a document's text, or finds the one that the viewer has on it. It holds the document,
// so that two browsers that open it at once get the same session.
func (s *Service) begin(ctx context.Context, tx *store.Tx, v viewer.Viewer, id uuid.UUID, create *ent.EditorSessionCreate) (*ent.EditorSession, error) {
	d, err := counters.Document(ctx, tx, id)
	if err == nil {
		err = v.Rules().CheckEdits(d)
	}
	switch {
	case err != nil:
		return nil, err
	case d.Format != document.FormatMD && d.Format != document.FormatTXT:
		return nil, errs.BadInput("documentId", "the document is a %s file: only its title, summary and tags can be changed, by updateDocument", d.Format)
	}
	x, err := store.ForUpdate(tx, tx.EditorSession.Query().Where(editorsession.DocumentID(id), editorsession.UserID(v.UserID), ongoing())).First(ctx)
	if !ent.IsNotFound(err) {
		return x, err
	}
	text, err := tx.Revision.Query().Where(revision.DocumentID(id), revision.Number(d.Revision)).Only(ctx)
	if err != nil {
		return nil, err
	}
	create.SetDocumentID(id).SetDocumentRevision(d.Revision).SetTitle(d.Title).SetContent(text.Body).SetFormat(editorsession.Format(d.Format))
	return nil, nil //nolint:nilnil // there is no session yet
}

// reopen makes a paused session an open one again.
func reopen(ctx context.Context, tx *store.Tx, x *ent.EditorSession) (*ent.EditorSession, error) {
	if x.Status == editorsession.StatusOpen {
		return x, nil
	}
	x, err := tx.EditorSession.UpdateOneID(x.ID).SetStatus(editorsession.StatusOpen).SetSavedAt(schema.Now()).Save(ctx)
	if err == nil {
		tx.Invalidate(x)
	}
	return x, err
}

func room(ctx context.Context, tx *store.Tx, user uuid.UUID) error {
	n, err := tx.EditorSession.Query().Where(editorsession.UserID(user), ongoing()).Count(ctx)
	if err == nil && n >= maxSessions {
		return errs.New(errs.BadUserInput, "you have %d editor sessions: commit or discard some", n)
	}
	return err
}
