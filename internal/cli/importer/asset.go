package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"docsquare/internal/errs"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// asset is a file that documents link to.
type asset struct {
	path     string // as the file system names it
	linked   bool
	unlinked string // why it is left out if no document links to it
	size     int64
	sha256   string // empty: not read yet
	failed   string // why it cannot be read
}

// stored is what became of an asset for one author.
type stored struct {
	id      uuid.UUID
	reason  string // why it is not stored
	pending bool   // it may be another time
}

// storedKey is an asset of an author.
type storedKey struct {
	author uuid.UUID
	asset  *asset
}

// hash reads an asset once, for its sum.
func (r *run) hash(a *asset) {
	if a.sha256 != "" || a.failed != "" {
		return
	}
	info, err := fs.Stat(r.files, a.path)
	if err != nil {
		a.failed = "it cannot be read: " + err.Error()
		return
	}
	if a.size = info.Size(); a.size > r.uploads.Limits().File {
		a.failed = fmt.Sprintf("it has %d bytes, but a file may have %d", a.size, r.uploads.Limits().File)
		return
	}
	sum := sha256.New()
	if err := r.open(a, func(in io.Reader) error {
		_, err := io.Copy(sum, io.LimitReader(in, a.size+1))
		return err
	}); err != nil {
		a.failed = "it cannot be read: " + err.Error()
		return
	}
	a.sha256 = hex.EncodeToString(sum.Sum(nil))
}

func (r *run) open(a *asset, read func(io.Reader) error) error {
	f, err := r.files.Open(a.path)
	if err != nil {
		return err
	}
	return errors.Join(read(f), f.Close())
}

// isPending reports whether an asset could not be stored for the author of an entry, but may be another time.
func (r *run) isPending(e *entry, a *asset) bool {
	return r.stored[storedKey{e.author.id, a}].pending
}

// store stores an asset as a file of an author, once, also over several imports. It returns the reason if it cannot be stored.
func (r *run) store(ctx context.Context, author uuid.UUID, a *asset) (id uuid.UUID, reason string, err error) {
	key := storedKey{author, a}
	if s, ok := r.stored[key]; ok {
		return s.id, s.reason, nil
	}
	s, err := r.send(ctx, author, a)
	if err != nil {
		return id, "", fmt.Errorf("%s: %w", a.path, err)
	}
	r.stored[key] = s
	return s.id, s.reason, nil
}

func (r *run) send(ctx context.Context, author uuid.UUID, a *asset) (s stored, err error) {
	announced := upload.Announcement{Name: norm.NFC.String(path.Base(a.path)), Size: a.size, SHA256: a.sha256}
	err = r.open(a, func(in io.Reader) error {
		f, isNew, err := r.uploads.Keep(ctx, viewer.Viewer{UserID: author}, announced, in)
		if err == nil {
			s.id = f.ID
		}
		if isNew {
			r.report.Files++
		}
		return err
	})
	if reason := errs.As(err); reason != nil {
		return stored{reason: reason.Message, pending: reason.Field != "file"}, nil
	}
	return s, err
}
