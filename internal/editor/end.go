package editor

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/predicate"
	"docsquare/ent/schema"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/frontmatter"
	"docsquare/internal/text/textfile"
	"docsquare/internal/viewer"
)

const (
	tidyInterval = 10 * time.Second
	tidySize     = 100
	remembered   = 24 * time.Hour // how long a session that is over can still be asked for
)

// ongoing finds open and paused sessions. With StatusIn, SQLite may read those of all accounts: an index begins with the status.
func ongoing() predicate.EditorSession {
	return editorsession.StatusNotIn(editorsession.StatusCommitted, editorsession.StatusDiscarded)
}

// Commit ends a session of the viewer's with the document that is made of its text, in the same transaction. Before it, prepare does what
// takes work; the function that it returns writes the document, and returns store.ErrStale to have it prepared again. Commit returns
// UNAUTHENTICATED for a guest, NOT_FOUND for a session of others, CONFLICT where the text is not at the revision expected, and the errors
// of prepare; nothing is written then.
func (s *Service) Commit(ctx context.Context, v viewer.Viewer, id uuid.UUID, expected int,
	prepare func(x *ent.EditorSession) (write func(tx *store.Tx) (*ent.Document, error), err error),
) (*ent.EditorSession, *ent.Document, error) {
	var d *ent.Document
	x, err := s.end(ctx, v, id, editorsession.StatusCommitted, func(x *ent.EditorSession) (func(*store.Tx) error, error) {
		if x.Revision != expected || !live(x) {
			return nil, moved(x, expected)
		}
		written, err := textfile.Parse("", document.Format(x.Format), x.Content, frontmatter.Value{}, schema.Now())
		if err != nil {
			return nil, errs.BadInput("sessionId", "the text of the session cannot be read: %v", err)
		}
		x.Content, x.Title = written.Body, cmp.Or(x.Title, written.Title)
		if strings.TrimSpace(x.Content) == "" && x.DocumentID == nil {
			return nil, errs.BadInput("sessionId", "there is no text in the session yet: save one first")
		}
		write, err := prepare(x)
		return func(tx *store.Tx) (err error) {
			d, err = write(tx)
			return err
		}, err
	})
	return x, d, err
}

// Discard ends a session of the viewer's and forgets its text. It returns UNAUTHENTICATED for a guest, NOT_FOUND for a
// session of others, and CONFLICT for one that was committed; one that was discarded already stays as it is.
func (s *Service) Discard(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.EditorSession, error) {
	return s.end(ctx, v, id, editorsession.StatusDiscarded, func(x *ent.EditorSession) (func(*store.Tx) error, error) {
		if x.Status == editorsession.StatusCommitted {
			return nil, moved(x, x.Revision)
		}
		return func(*store.Tx) error { return nil }, nil
	})
}

// end ends a session, unless what goes with it fails: with prepares that. A document is held before its sessions, so the session is read
// first and held after; a save in between makes it fail.
func (s *Service) end(ctx context.Context, v viewer.Viewer, id uuid.UUID, status editorsession.Status,
	with func(*ent.EditorSession) (func(*store.Tx) error, error),
) (ended *ent.EditorSession, err error) {
	if _, err := v.SignedIn(); err != nil {
		return nil, err
	}
	err = store.Prepared(func() error {
		x, err := s.store.DB.EditorSession.Get(ctx, id)
		if ent.IsNotFound(err) {
			return errs.Missing("editor session")
		}
		if err != nil {
			return err
		}
		if err := own(v, x); err != nil {
			return err
		}
		write, err := with(x)
		if err != nil {
			return err
		}
		return s.store.Write(ctx, func(tx *store.Tx) error {
			if err := write(tx); err != nil {
				return err
			}
			ended, err = finish(ctx, tx, x, status)
			return err
		})
	})
	return ended, err
}

// finish writes the end of a session that was read before the transaction.
func finish(ctx context.Context, tx *store.Tx, x *ent.EditorSession, status editorsession.Status) (*ent.EditorSession, error) {
	now, err := store.ForUpdate(tx, tx.EditorSession.Query().Where(editorsession.ID(x.ID))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, errs.Missing("editor session")
	}
	if err != nil {
		return nil, err
	}
	switch {
	case status == editorsession.StatusCommitted && (now.Revision != x.Revision || !live(now)):
		return nil, moved(now, x.Revision)
	case status == editorsession.StatusDiscarded && now.Status == editorsession.StatusCommitted:
		return nil, moved(now, now.Revision)
	}
	ended, err := tx.EditorSession.UpdateOneID(x.ID).SetStatus(status).SetContent("").SetSavedAt(schema.Now()).Save(ctx)
	if err != nil {
		return nil, err
	}
	textusage.Add(tx, x.UserID, -len(now.Content), 0)
	tx.Invalidate(ended)
	return ended, nil
}

// tidy pauses abandoned sessions and deletes sessions that ended long ago, until the context ends.
func (s *Service) tidy(ctx context.Context) {
	for ctx.Err() == nil {
		wait(ctx, tidyInterval)
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "cleanup of editor sessions failed, trying again", "error", err)
		}
	}
}

// Tidy pauses sessions that rest, and lets those go that ended long ago, as Run does now and then.
func (s *Service) Tidy(ctx context.Context) error { return errors.Join(s.rest(ctx), s.forget(ctx)) }

// rest pauses open sessions into which nothing was saved for the idle time.
func (s *Service) rest(ctx context.Context) error {
	idle := editorsession.And(editorsession.StatusEQ(editorsession.StatusOpen), editorsession.SavedAtLT(schema.Now().Add(-s.idle)))
	return s.store.Write(ctx, func(tx *store.Tx) error {
		rows, err := store.ForUpdate(tx, tx.EditorSession.Query().Where(idle).Order(ent.Asc(editorsession.FieldID)).Limit(tidySize)).All(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, x := range rows {
			tx.Invalidate(x)
		}
		return tx.EditorSession.Update().Where(editorsession.IDIn(ent.EditorSessions(rows).IDs()...)).SetStatus(editorsession.StatusPaused).Exec(ctx)
	})
}

func (s *Service) forget(ctx context.Context) error {
	over := editorsession.And(editorsession.StatusIn(editorsession.StatusCommitted, editorsession.StatusDiscarded),
		editorsession.SavedAtLT(schema.Now().Add(-remembered)))
	return s.store.Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.EditorSession.Query().Where(over).Limit(tidySize).All(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, x := range rows {
			tx.Invalidate(x)
		}
		_, err = tx.EditorSession.Delete().Where(editorsession.IDIn(ent.EditorSessions(rows).IDs()...)).Exec(ctx)
		return err
	})
}
