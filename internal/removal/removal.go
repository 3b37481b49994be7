// Package removal deletes accounts and documents with all rows that belong to them. How many rows those are is unbounded, so they are
// deleted in portions, each in a short transaction between which others write. The row of the removal records what is left to do: a
// process that starts, or another instance, goes on where one has stopped.
//
// From the transaction on that begins a removal, the predicates of package present hide what is removed. Call Hide after its commit:
// it invalidates what the cache has loaded before.
package removal

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/removal"
	"docsquare/internal/counters"
	"docsquare/internal/idempotency"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// The bounds of a portion, which is one transaction. Each row has up to as many again that change or go with it: counters, tags, the
// parts of a file.
const (
	Rows      = 200 // small rows: comments, likes, favorites, days with views
	documents = 20
	texts     = 20 // revisions and editor sessions, of up to 512 KiB each
	files     = 10
)

// Begin writes that a subject is being removed. It reports false if it is already.
func Begin(ctx context.Context, tx *store.Tx, id uuid.UUID, kind removal.Kind) (bool, error) {
	n, err := tx.Removal.Query().Where(removal.Subject(id)).Count(ctx)
	if err != nil || n > 0 {
		return false, err
	}
	return true, tx.Removal.Create().SetSubject(id).SetKind(kind).Exec(ctx)
}

// hideRows is how many rows one transaction of Hide invalidates. It writes none of them.
const hideRows = 500

// Hide invalidates the entries of what an account has shown to others: its documents that are not private, and its comments. When it
// returns, no reader finds them. It does nothing for a document, whose entries the transaction invalidates that begins the removal.
func Hide(ctx context.Context, s *store.Store, id uuid.UUID) error {
	r, err := s.DB.Removal.Query().Where(removal.Subject(id)).Only(ctx)
	if err != nil {
		return ent.MaskNotFound(err)
	}
	if r.Hidden {
		return nil
	}
	if r.Kind == removal.KindAccount {
		if err := hideDocuments(ctx, s, id); err != nil {
			return err
		}
		if err := hideComments(ctx, s, id); err != nil {
			return err
		}
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		tx.Invalidate(kinds.VisibilityChange{})
		return tx.Removal.Update().Where(removal.Subject(id)).SetHidden(true).Exec(ctx)
	})
}

func hideDocuments(ctx context.Context, s *store.Store, author uuid.UUID) error {
	for last, more := uuid.Nil, true; more; {
		rows, err := s.DB.Document.Query().
			Where(document.AuthorID(author), document.VisibilityNEQ(document.VisibilityPrivate), document.IDGT(last)).
			Order(ent.Asc(document.FieldID)).Limit(hideRows).All(ctx)
		if err != nil {
			return err
		}
		if last, more, err = invalidate(ctx, s, rows, func(d *ent.Document) uuid.UUID { return d.ID }); err != nil {
			return err
		}
	}
	return nil
}

func hideComments(ctx context.Context, s *store.Store, author uuid.UUID) error {
	for last, more := uuid.Nil, true; more; {
		rows, err := s.DB.Comment.Query().Where(comment.AuthorID(author), comment.IDGT(last)).Order(ent.Asc(comment.FieldID)).Limit(hideRows).All(ctx)
		if err != nil {
			return err
		}
		if last, more, err = invalidate(ctx, s, rows, func(c *ent.Comment) uuid.UUID { return c.ID }); err != nil {
			return err
		}
	}
	return nil
}

// invalidate invalidates rows, and returns the last of them and whether there may be more.
func invalidate[E any](ctx context.Context, s *store.Store, rows []E, id func(E) uuid.UUID) (last uuid.UUID, more bool, err error) {
	if len(rows) == 0 {
		return uuid.Nil, false, nil
	}
	err = s.Write(ctx, func(tx *store.Tx) error {
		for _, x := range rows {
			tx.Invalidate(x)
		}
		return nil
	})
	return id(rows[len(rows)-1]), len(rows) == hideRows, err
}

// Worker runs the removals of a database.
type Worker struct {
	store *store.Store
	log   *slog.Logger
}

// New returns a worker. Run it. The workers of several instances do not disturb each other.
func New(s *store.Store, log *slog.Logger) *Worker { return &Worker{store: s, log: log} }

// interval is how often the worker looks for removals.
const interval = 2 * time.Second

// Run runs removals, and deletes idempotency keys and records of deleted comments that have expired, until the context ends.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		if _, err := idempotency.Expire(ctx, w.store); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "deletion of expired idempotency keys failed, trying again", "error", err)
		}
		if _, err := counters.ForgetDeleted(ctx, w.store); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "deletion of old records of deleted comments failed, trying again", "error", err)
		}
		if err := w.Finish(ctx); err != nil && ctx.Err() == nil {
			w.log.WarnContext(ctx, "removal of an account or document failed, trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Finish runs all removals that have begun to their ends. A removal that fails does not stop the others.
func (w *Worker) Finish(ctx context.Context) error {
	rows, err := w.store.DB.Removal.Query().Order(ent.Asc(removal.FieldID)).All(ctx)
	for _, r := range rows {
		for more := true; more && ctx.Err() == nil; {
			var failed error
			if more, failed = w.Step(ctx, r.Subject); failed != nil {
				err, more = failed, false
			}
		}
	}
	return err
}

// prompt is how many portions Start runs.
const prompt = 32

// Start runs the first portions of a removal, after Hide: that is all of it for most accounts. The rest, or what fails, is left to Run.
func (w *Worker) Start(ctx context.Context, id uuid.UUID) {
	for range prompt {
		more, err := w.Step(ctx, id)
		if err != nil {
			w.log.WarnContext(ctx, "removal left to the worker", "error", err)
		}
		if err != nil || !more {
			return
		}
	}
}

// Step runs the next portion of a removal, and reports whether more is left.
func (w *Worker) Step(ctx context.Context, id uuid.UUID) (more bool, err error) {
	r, err := w.store.DB.Removal.Query().Where(removal.Subject(id)).Only(ctx)
	if err != nil {
		return false, ent.MaskNotFound(err)
	}
	if !r.Hidden {
		return true, Hide(ctx, w.store, id)
	}
	job := job{w.store, r}
	for _, portion := range job.portions() {
		if n, err := portion(ctx); err != nil || n > 0 {
			return err == nil, err
		}
	}
	return false, nil
}
