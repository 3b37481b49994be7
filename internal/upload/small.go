package upload

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/idempotency"
	"docsquare/internal/viewer"
)

// Send takes a whole small file at once. Errors are those of Start and Finish. With a key that is known it returns the file that was sent
// with it, or the error that this one has met.
func (s *Service) Send(ctx context.Context, v viewer.Viewer, a Announcement, src io.Reader) (f *ent.File, err error) {
	if a.Size > s.limits.Small {
		return nil, errs.BadInput("file", "a file in a request may have up to %d bytes, but this has %d: announce it by startUpload and send it by tus", s.limits.Small, a.Size)
	}
	if a.Size == 0 {
		return nil, errs.BadInput("file", "the file %q is empty: send one with at least one byte", baseName(a.Name))
	}
	id, known, err := idempotency.Do(ctx, s.store, a.Key, func() (uuid.UUID, error) {
		f, err = s.Start(ctx, v, a)
		if err != nil {
			return uuid.Nil, err
		}
		return f.ID, nil
	})
	if err != nil {
		return nil, err
	}
	if known {
		return s.sent(ctx, v, id, src)
	}
	_, err = s.Append(ctx, f, 0, src)
	if a.Key != nil && errs.Is(err, errs.Conflict) { // a repetition was faster
		return f, nil
	}
	if err != nil { // the upload is not continued, so it must not take up space
		ctx := context.WithoutCancel(ctx)
		return nil, errors.Join(err, s.Delete(ctx, v, f.ID), a.Key.Forget(ctx, s.store, f.ID))
	}
	return f, s.Finish(ctx, f)
}

// sent returns a file that was sent before. If it has not arrived whole, because its request has broken off, Send goes on with it.
func (s *Service) sent(ctx context.Context, v viewer.Viewer, id uuid.UUID, src io.Reader) (*ent.File, error) {
	f, err := s.Upload(ctx, v, id)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, idempotency.Deleted("file")
	case err != nil:
		return nil, err
	case f.Status == file.StatusFailed:
		return f, errs.BadInput("file", "%s", *f.Failure)
	case f.Status == file.StatusStored:
		return f, nil
	}
	if _, err := io.CopyN(io.Discard, src, f.Received); err != nil {
		return nil, err
	}
	_, err = s.Append(ctx, f, f.Received, src)
	if errs.Is(err, errs.Conflict) { // the first request is still under way
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	return f, s.Finish(ctx, f)
}
