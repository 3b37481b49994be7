package transfer

import (
	"context"
	"errors"
	"io"

	"github.com/tus/tusd/v2/pkg/handler"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// The tus handler keeps its uploads through these: what it calls a store is the service.
var (
	_ handler.DataStore           = (*server)(nil)
	_ handler.TerminaterDataStore = (*server)(nil)
	_ handler.Upload              = (*sending)(nil)
)

// sending is an upload of the viewer's.
type sending struct {
	h    *server
	file *ent.File
}

// NewUpload announces a file. Of the metadata filename, filetype and sha256 count, which tus clients send.
func (h *server) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	name, contentType := info.MetaData["filename"], info.MetaData["filetype"]
	if name == "" {
		name = info.MetaData["name"]
	}
	if contentType == "" {
		contentType = info.MetaData["type"]
	}
	f, err := h.Uploads.Start(ctx, viewer.From(ctx), upload.Announcement{Name: name, Size: info.Size, ContentType: contentType, SHA256: info.MetaData["sha256"]})
	if err != nil {
		return nil, h.tusError(ctx, err)
	}
	return &sending{h, f}, nil
}

// GetUpload finds an upload of the viewer's that goes on, or is complete.
func (h *server) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	key, ok := fileID(id)
	if !ok {
		return nil, handler.ErrNotFound
	}
	f, err := h.Uploads.Upload(ctx, viewer.From(ctx), key.UUID)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, handler.ErrNotFound
	case err != nil:
		return nil, h.tusError(ctx, err)
	case f.Status == file.StatusFailed:
		return nil, handler.NewError("ERR_FAILED", *f.Failure, 410)
	}
	return &sending{h, f}, nil
}

// AsTerminatableUpload is how a client breaks an upload off.
func (h *server) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	s, _ := u.(*sending)
	return s
}

// GetInfo describes the upload.
func (s *sending) GetInfo(context.Context) (handler.FileInfo, error) {
	return handler.FileInfo{
		ID: nodeid.ID{Type: nodeid.File, UUID: s.file.ID}.String(), Size: s.file.Size, Offset: s.file.Received,
		MetaData: handler.MetaData{"filename": s.file.Name, "filetype": s.file.ContentType},
	}, nil
}

// WriteChunk keeps what comes, as far as it comes.
func (s *sending) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := s.h.Uploads.Append(ctx, s.file, offset, src)
	if errs.Is(err, errs.Conflict) {
		return n, handler.ErrMismatchOffset
	}
	return n, s.h.tusError(ctx, err)
}

// FinishUpload stores the file, or returns why its content is refused.
func (s *sending) FinishUpload(ctx context.Context) error {
	return s.h.tusError(ctx, s.h.Uploads.Finish(ctx, s.file))
}

// GetReader is not used: files are fetched by download.
func (s *sending) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, errors.New("transfer: uploads are not read")
}

// Terminate breaks the upload off.
func (s *sending) Terminate(ctx context.Context) error {
	return s.h.tusError(ctx, s.h.Uploads.Delete(ctx, viewer.From(ctx), s.file.ID))
}
