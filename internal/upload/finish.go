package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"docsquare/ent"
	"docsquare/ent/blob"
	"docsquare/ent/file"
	"docsquare/ent/uploadpart"
	"docsquare/internal/blobstore"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/charset"
	"docsquare/internal/text/extract"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/upload/picture"
)

// content is the complete content of a file, as one object that nothing keeps yet.
type content struct {
	key, sha256, contentType string
	title, text              string
	width, height            int   // of a picture; 0: not known
	foreign                  bool  // text in another encoding than UTF-8
	refused                  error // why it is not taken, for its sender
}

// Finish stores a file that has arrived whole, or marks it as failed if its content is refused: the error then has the reason,
// and is BAD_USER_INPUT. A file that is not complete, or that somebody else has finished, is left as it is.
func (s *Service) Finish(ctx context.Context, f *ent.File) error {
	f, err := s.store.DB.File.Get(ctx, f.ID)
	if err != nil || f.Status != file.StatusUploading || f.Received < f.Size {
		return err
	}
	parts, err := s.store.DB.UploadPart.Query().Where(uploadpart.FileID(f.ID)).Order(ent.Asc(uploadpart.FieldStart)).All(ctx)
	if err != nil {
		return err
	}
	c, err := s.compose(ctx, f, &sequence{ctx: ctx, bucket: s.bucket, parts: parts})
	if err == nil {
		err = s.settle(ctx, f, c)
	} else if s.finishedElsewhere(ctx, f) { // and the parts are gone
		err = nil
	}
	keys := keysOf(parts)
	if c.key != "" {
		keys = append(keys, c.key)
	}
	s.discard(ctx, keys)
	return err
}

// finishedElsewhere reports whether another instance has finished a file in the meantime.
func (s *Service) finishedElsewhere(ctx context.Context, f *ent.File) bool {
	now, err := s.store.DB.File.Get(ctx, f.ID)
	return err == nil && now.Status != file.StatusUploading
}

// discard deletes those of the objects that nothing keeps, also if the client has left. What it cannot delete is left to the sweep.
func (s *Service) discard(ctx context.Context, keys []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discardTime)
	defer cancel()
	if err := s.bucket.Discard(ctx, keys...); err != nil {
		s.log.WarnContext(ctx, "objects not deleted, left to the sweep", "count", len(keys), "error", err)
	}
}

// compose writes the content of a file as one object, and looks at it as it passes by.
func (s *Service) compose(ctx context.Context, f *ent.File, src io.Reader) (c content, err error) {
	sum, look := sha256.New(), &inspection{}
	key, size, err := s.bucket.Put(ctx, blobsKey, io.TeeReader(src, io.MultiWriter(sum, look)))
	if err != nil {
		return c, err
	}
	c.key, c.sha256 = key, hex.EncodeToString(sum.Sum(nil))
	c.contentType, c.refused = look.contentType(f)
	c.foreign = !look.text() && (c.contentType == Text || c.contentType == Markdown)
	switch {
	case size != f.Size:
		c.refused = refused("%d bytes were announced, but %d came: announce what you send", f.Size, size)
	case f.Sha256 != nil && *f.Sha256 != c.sha256:
		c.refused = refused("the content has the SHA-256 %s, but %s was announced: send it again", c.sha256, *f.Sha256)
	case c.refused == nil && fileurl.IsPicture(c.contentType):
		c.width, c.height, err = s.sizeOf(ctx, key, size)
	case c.refused == nil:
		err = s.read(ctx, &c, size)
	}
	return c, err
}

// sizeOf reads the header of a picture.
func (s *Service) sizeOf(ctx context.Context, key string, size int64) (width, height int, err error) {
	head, err := s.load(ctx, key, min(size, picture.SizeBytes))
	if err != nil {
		return 0, 0, err
	}
	width, height = picture.Size(head)
	return width, height, nil
}

// readable is how large a file may be for its text to be read: it is held in memory for that.
const readable = 64 << 20

// read looks into a PDF or DOCX for its text, and for the encoding of a text that is not UTF-8. Damaged ones, those with a password and those that unpack to too much are
// refused; what takes too long to read, or is too large, is kept without its text.
func (s *Service) read(ctx context.Context, c *content, size int64) error {
	format, ok := map[string]extract.Format{PDF: extract.PDF, DOCX: extract.DOCX}[c.contentType]
	switch {
	case c.foreign && size > readable:
		c.refused = refused("%v", charset.ErrUnknown)
		return nil
	case !ok && !c.foreign || size > readable:
		return nil
	}
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	raw, err := s.load(ctx, c.key, size)
	if err != nil {
		return err
	}
	if c.foreign {
		if _, err := charset.Text(raw); err != nil {
			c.refused = refused("%v", err)
		}
		return nil
	}
	t, err := s.texts.Extract(ctx, format, bytes.NewReader(raw), size)
	switch {
	case errors.Is(err, extract.ErrDamaged), errors.Is(err, extract.ErrEncrypted), errors.Is(err, extract.ErrBomb):
		c.refused = refused("%s", err)
	case errors.Is(err, extract.ErrTooSlow):
		s.log.InfoContext(ctx, "text of a file not extracted", "error", err)
	case err != nil:
		return err
	}
	c.title, c.text = t.Title, t.Body
	return nil
}

func (s *Service) load(ctx context.Context, key string, size int64) ([]byte, error) {
	r, err := s.bucket.Section(ctx, key, 0, size)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(r)
	return raw, errors.Join(err, r.Close())
}

// settle writes down what has become of a file. Two files of the same content may arrive in the same moment: then one of
// them meets the other's blob in its second try.
func (s *Service) settle(ctx context.Context, f *ent.File, c content) error {
	try := func() error {
		return s.store.Write(ctx, func(tx *store.Tx) error {
			settled, kept := *f, false
			update := tx.File.Update().Where(file.ID(f.ID), file.StatusEQ(file.StatusUploading))
			if c.refused != nil {
				update.SetStatus(file.StatusFailed).SetFailure(errs.As(c.refused).Message)
			} else {
				id, isNew, err := s.blobOf(ctx, tx, f, c)
				if err != nil {
					return err
				}
				kept = isNew
				tx.Count(counters.SiteUploads, 1)
				settled.Status = file.StatusStored
				update.SetStatus(file.StatusStored).SetContentType(c.contentType).SetSha256(c.sha256).SetBlobID(id).SetReceived(f.Size)
			}
			n, err := update.Save(ctx)
			if err != nil {
				return err
			}
			if n == 0 {
				return errElsewhere
			}
			tx.Invalidate(&settled)
			if !kept {
				if err := blobstore.Reject(ctx, tx, c.key); err != nil {
					return err
				}
			}
			_, err = dropParts(ctx, tx, f)
			return err
		})
	}
	err := try()
	if ent.IsConstraintError(err) {
		err = try()
	}
	if errors.Is(err, errElsewhere) {
		return nil
	}
	return errors.Join(err, c.refused)
}

var errElsewhere = errors.New("upload: somebody else has finished the file")

// blobOf returns the blob of a content: the one that is there, or a new one, which keeps the object. It is locked, so that no
// other transaction takes it for unused.
func (s *Service) blobOf(ctx context.Context, tx *store.Tx, f *ent.File, c content) (id int, isNew bool, err error) {
	q := store.ForUpdate(tx, tx.Blob.Query().Where(blob.Sha256(c.sha256)))
	b, err := q.Only(ctx)
	if !ent.IsNotFound(err) {
		if err != nil {
			return 0, false, err
		}
		if b.Width == 0 && c.width > 0 { // of an earlier version
			err = tx.Blob.UpdateOneID(b.ID).SetWidth(c.width).SetHeight(c.height).Exec(ctx)
		}
		return b.ID, false, err
	}
	b, err = tx.Blob.Create().SetSha256(c.sha256).SetSize(f.Size).SetKey(c.key).SetTitle(c.title).SetText(c.text).SetWidth(c.width).SetHeight(c.height).Save(ctx)
	if err != nil {
		return 0, false, err
	}
	return b.ID, true, blobstore.Keep(ctx, tx, c.key)
}

// dropParts drops the parts of a file, and returns their keys, for discard after the commit.
func dropParts(ctx context.Context, tx *store.Tx, f *ent.File) ([]string, error) {
	parts, err := tx.UploadPart.Query().Where(uploadpart.FileID(f.ID)).All(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.UploadPart.Delete().Where(uploadpart.FileID(f.ID)).Exec(ctx); err != nil {
		return nil, err
	}
	keys := keysOf(parts)
	return keys, blobstore.Drop(ctx, tx, keys...)
}

func keysOf(parts []*ent.UploadPart) []string {
	keys := make([]string, len(parts))
	for i, p := range parts {
		keys[i] = p.Key
	}
	return keys
}

// sequence reads the parts of a file, one after the other.
type sequence struct {
	ctx    context.Context
	bucket *blobstore.Bucket
	parts  []*ent.UploadPart
	open   io.ReadCloser
}

func (q *sequence) Read(p []byte) (int, error) {
	for {
		if q.open == nil {
			if len(q.parts) == 0 {
				return 0, io.EOF
			}
			next, err := q.bucket.Section(q.ctx, q.parts[0].Key, 0, q.parts[0].Size)
			if err != nil {
				return 0, err
			}
			q.open, q.parts = next, q.parts[1:]
		}
		n, err := q.open.Read(p)
		if err == nil || n > 0 {
			return n, nil
		}
		closed := q.open.Close()
		q.open = nil
		if !errors.Is(err, io.EOF) {
			return 0, err
		}
		if closed != nil {
			return 0, closed
		}
	}
}
