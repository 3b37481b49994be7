package upload

import (
	"bufio"
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/ent/uploadpart"
	"docsquare/internal/blobstore"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// The parts of a file. What was received is written down with each.
const (
	partSize  = 8 << 20     // bytes at most
	partTime  = time.Second // at most, as long as bytes come
	maxParts  = 20_000
	partsKey  = "parts"
	blobsKey  = "blobs"
	readAhead = 64 << 10
)

// Upload returns a file of the viewer as it is in the database. It returns NOT_FOUND for any other.
func (s *Service) Upload(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.File, error) {
	if _, err := v.SignedIn(); err != nil {
		return nil, err
	}
	f, err := s.store.DB.File.Get(ctx, id)
	return own(v, f, err)
}

// Append adds what a source gives to a file, from an offset on, which must be where the file ends so far: CONFLICT where it
// is not. It keeps what comes before an error, and returns how many bytes it kept.
func (s *Service) Append(ctx context.Context, f *ent.File, offset int64, src io.Reader) (int64, error) {
	s.receiving.Add(1)
	defer s.receiving.Add(-1)
	parts, err := s.store.DB.UploadPart.Query().Where(uploadpart.FileID(f.ID)).Count(ctx)
	if err != nil {
		return 0, err
	}
	var kept int64
	in := bufio.NewReaderSize(io.LimitReader(src, f.Size-offset), readAhead)
	for ; ; parts++ {
		if _, err := in.Peek(1); err != nil {
			if err == io.EOF {
				err = nil
			}
			return kept, err
		}
		if parts >= maxParts {
			return kept, errs.New(errs.BadUserInput, "the file came in more than %d pieces: send larger ones", maxParts)
		}
		n, err := s.appendPart(ctx, f, offset+kept, in)
		kept += n
		if err != nil {
			return kept, err
		}
	}
}

// Receiving is how many files are being sent now.
func (s *Service) Receiving() int64 { return s.receiving.Load() }

// appendPart keeps the next part of a file.
func (s *Service) appendPart(ctx context.Context, f *ent.File, at int64, src *bufio.Reader) (int64, error) {
	key, size, err := s.bucket.Put(ctx, partsKey, &part{src: src, left: partSize, until: time.Now().Add(partTime)})
	if err != nil {
		return 0, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		n, err := tx.File.Update().Where(file.ID(f.ID), file.StatusEQ(file.StatusUploading), file.Received(at)).AddReceived(size).Save(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "the file does not end at byte %d any more: ask how far it has come, and go on from there", at)
		}
		if err := tx.UploadPart.Create().SetFileID(f.ID).SetStart(at).SetSize(size).SetKey(key).Exec(ctx); err != nil {
			return err
		}
		tx.Invalidate(f)
		return blobstore.Keep(ctx, tx, key)
	})
	if err != nil {
		s.discard(ctx, []string{key})
		return 0, err
	}
	return size, nil
}

// part reads as much as belongs into one part. What breaks off the source ends the part, and is met again after it.
type part struct {
	src   *bufio.Reader
	left  int
	until time.Time
}

func (p *part) Read(into []byte) (int, error) {
	if p.left <= 0 || time.Now().After(p.until) {
		return 0, io.EOF
	}
	n, err := p.src.Read(into[:min(len(into), p.left)])
	p.left -= n
	if err != nil {
		return n, io.EOF
	}
	return n, nil
}
