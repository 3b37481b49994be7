package upload

import (
	"context"
	"errors"
	"io"

	"docsquare/ent"
	"docsquare/internal/errs"
	"docsquare/internal/viewer"
)

// Send takes a whole small file at once. Errors are those of Start and Finish.
func (s *Service) Send(ctx context.Context, v viewer.Viewer, a Announcement, src io.Reader) (*ent.File, error) {
	if a.Size > s.limits.Small {
		return nil, errs.BadInput("file", "a file in a request may have up to %d bytes, but this has %d: announce it by startUpload and send it by tus", s.limits.Small, a.Size)
	}
	if a.Size == 0 {
		return nil, errs.BadInput("file", "the file %q is empty: send one with at least one byte", baseName(a.Name))
	}
	f, err := s.Start(ctx, v, a)
	if err != nil {
		return nil, err
	}
	if _, err := s.Append(ctx, f, 0, src); err != nil { // the upload is not continued, so it must not take up space
		return nil, errors.Join(err, s.Delete(context.WithoutCancel(ctx), v, f.ID))
	}
	return f, s.Finish(ctx, f)
}
