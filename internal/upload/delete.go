package upload

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/internal/audit"
	"docsquare/internal/blobstore"
	"docsquare/internal/errs"
	"docsquare/internal/fileuse"
	"docsquare/internal/removal"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Delete deletes a file of the viewer's, wherever it has come to, also if documents show it. It returns UNAUTHENTICATED for a guest,
// NOT_FOUND for a file of others, and CONFLICT while a document is made of it.
func (s *Service) Delete(ctx context.Context, v viewer.Viewer, id uuid.UUID) error {
	if _, err := v.SignedIn(); err != nil {
		return err
	}
	var dropped []string
	for more := true; more; {
		var err error
		if dropped, more, err = s.delete(ctx, v, id); err != nil {
			return err
		}
	}
	s.discard(ctx, dropped)
	return nil
}

// delete deletes a file and returns the objects that are not needed any more, or takes it out of as many documents as one transaction
// may: then there is more to do.
func (s *Service) delete(ctx context.Context, v viewer.Viewer, id uuid.UUID) (dropped []string, more bool, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		dropped = nil
		q := store.ForUpdate(tx, tx.File.Query().Where(file.ID(id)))
		f, err := q.Only(ctx)
		if f, err = own(v, f, err); err != nil {
			return err
		}
		used, err := tx.Document.Query().Where(document.FileID(id)).Count(ctx)
		if err != nil {
			return err
		}
		if used > 0 {
			return errs.New(errs.Conflict, "%d documents are made of this file: delete them first", used)
		}
		if more, err = fileuse.Detach(ctx, tx, id, removal.Rows); err != nil || more {
			return err
		}
		if dropped, err = blobstore.RemoveOne(ctx, tx, f); err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionFileDeleted, Subject: f.NodeID().String()})
	})
	return dropped, more, err
}

// Run finishes what clients and processes have left undone, until the context ends: it stores files that have arrived
// whole, gives up those that nothing comes of, and sweeps up the garbage.
func (s *Service) Run(ctx context.Context) {
	every(ctx, sweepInterval, func() {
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "cleanup of uploads failed, trying again", "error", err)
		}
	})
}

// Tidy is one round of what Run does. A step that fails keeps none of the others from being taken.
func (s *Service) Tidy(ctx context.Context) error {
	finished, gaveUp := s.finishLeft(ctx), s.giveUp(ctx)
	_, swept := s.bucket.Sweep(ctx)
	return errors.Join(finished, gaveUp, swept)
}

// finishLeft finishes files that were whole before the last sweep: the instance that received the last byte has died since.
func (s *Service) finishLeft(ctx context.Context) error {
	left, err := s.store.DB.File.Query().Where(file.StatusEQ(file.StatusUploading), whole, file.UpdatedAtLT(ago(sweepInterval))).
		Limit(sweepSize).All(ctx)
	if err != nil {
		return err
	}
	for _, f := range left {
		if err := s.Finish(ctx, f); err != nil && errs.As(err) == nil {
			return err
		}
	}
	return nil
}

// giveUp has uploads fail of which nothing was heard for long.
func (s *Service) giveUp(ctx context.Context) error {
	left, err := s.store.DB.File.Query().Where(file.StatusEQ(file.StatusUploading), file.UpdatedAtLT(ago(s.limits.Abandoned))).
		Limit(sweepSize).All(ctx)
	if err != nil {
		return err
	}
	for _, f := range left {
		if err := s.abandon(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) abandon(ctx context.Context, f *ent.File) error {
	var dropped []string
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		dropped = nil
		n, err := tx.File.Update().Where(file.ID(f.ID), file.StatusEQ(file.StatusUploading), file.UpdatedAtLT(ago(s.limits.Abandoned))).
			SetStatus(file.StatusFailed).SetFailure("nothing was sent for too long: start the upload again").Save(ctx)
		if err != nil || n == 0 {
			return err
		}
		tx.Invalidate(f)
		dropped, err = dropParts(ctx, tx, f)
		return err
	})
	if err == nil {
		s.discard(ctx, dropped)
	}
	return err
}
