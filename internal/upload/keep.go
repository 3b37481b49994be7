package upload

import (
	"context"
	"errors"
	"io"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/viewer"
)

// Keep returns the viewer's stored file with the announced name and SHA-256, which must be set. If there is none, it takes the whole file from
// a source; isNew is then true. A file that is refused leaves nothing behind. Errors are those of Start and Finish.
func (s *Service) Keep(ctx context.Context, v viewer.Viewer, a Announcement, src io.Reader) (f *ent.File, isNew bool, err error) {
	owner, err := v.SignedIn()
	if err != nil {
		return nil, false, err
	}
	if a, err = s.check(a); err != nil {
		return nil, false, err
	}
	f, err = s.store.DB.File.Query().Where(file.UserID(owner), file.StatusEQ(file.StatusStored), file.Sha256(a.SHA256), file.Name(a.Name)).
		Order(file.ByID()).First(ctx)
	if !ent.IsNotFound(err) {
		return f, false, err
	}
	if f, err = s.Start(ctx, v, a); err != nil {
		return nil, false, err
	}
	id := f.ID
	if f, err = s.receive(ctx, f, src); err != nil {
		return nil, false, errors.Join(err, s.Delete(context.WithoutCancel(ctx), v, id))
	}
	return f, true, nil
}

// receive takes a whole file from a source, and stores it.
func (s *Service) receive(ctx context.Context, f *ent.File, src io.Reader) (*ent.File, error) {
	n, err := s.Append(ctx, f, 0, src)
	if err == nil && n < f.Size {
		err = refused("%d bytes were announced, but %d came: announce what you send", f.Size, n)
	}
	if err != nil {
		return nil, err
	}
	if err := s.Finish(ctx, f); err != nil {
		return nil, err
	}
	return s.store.DB.File.Get(ctx, f.ID)
}
