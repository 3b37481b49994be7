package upload

import (
	"context"
	"errors"
	"fmt"
	"io"

	"docsquare/internal/blobstore"
)

// reader reads an object from wherever one seeks to. It has at most one reader of the storage open, and that one closes when the position
// changes: a client that asks for many ranges takes no more than one that asks for the whole.
type reader struct {
	ctx    context.Context // of the request that the reader is opened for
	bucket *blobstore.Bucket
	key    string
	size   int64

	at     int64 // where the next byte is read
	open   io.ReadCloser
	openAt int64 // where open reads its next byte
}

// newReader opens an object at its beginning. Close it at the end.
func newReader(ctx context.Context, b *blobstore.Bucket, key string, size int64) (*reader, error) {
	r := &reader{ctx: ctx, bucket: b, key: key, size: size}
	return r, r.reopen()
}

// reopen opens the object where the next byte is read.
func (r *reader) reopen() (err error) {
	if err := r.Close(); err != nil {
		return err
	}
	if r.open, err = r.bucket.Section(r.ctx, r.key, r.at, r.size-r.at); err != nil {
		r.open = nil
		return err
	}
	r.openAt = r.at
	return nil
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if r.open == nil || r.openAt != r.at {
		if err := r.reopen(); err != nil {
			return 0, err
		}
	}
	n, err := r.open.Read(p)
	r.at += int64(n)
	r.openAt = r.at
	return n, err
}

// Seek implements io.Seeker. The storage is asked when something is read.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	default:
		return 0, fmt.Errorf("upload: seek from %d", whence)
	}
	if offset < 0 {
		return 0, errors.New("upload: seek before the beginning")
	}
	r.at = offset
	return offset, nil
}

// Close closes what is open.
func (r *reader) Close() error {
	if r.open == nil {
		return nil
	}
	open := r.open
	r.open = nil
	return open.Close()
}
