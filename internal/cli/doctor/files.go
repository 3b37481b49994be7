package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"docsquare/internal/blobstore"
)

// files looks at where uploaded files are kept.
func (e *examination) files(ctx context.Context) {
	if e.unread("FILES_URL") {
		return
	}
	if dir, ok := strings.CutPrefix(e.Config.FilesURL, "file://"); ok {
		e.directory(dir)
		return
	}
	e.remote(ctx)
}

func (e *examination) directory(dir string) {
	remedy := "make " + dir + " a directory that the user of the server may write, or set FILES_URL to one elsewhere"
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		above, bad := nearest(dir)
		if bad == nil {
			e.note("directory", "run docsquare serve", "there is no %s yet: docsquare serve makes it, in %s", dir, above)
			e.room(above, "FILES_URL", false)
			return
		}
		e.fail("directory", remedy, "%s cannot be made: %v", dir, bad)
		return
	case err == nil && !info.IsDir():
		err = fmt.Errorf("%s is no directory", dir)
	case err == nil:
		err = probe(dir)
	}
	if err != nil {
		e.fail("directory", remedy, "files cannot be kept there: %v", err)
		return
	}
	e.ok("directory", "a file was made in %s, and removed again", dir)
	e.room(dir, "FILES_URL", false)
}

// probe makes a file, and removes it whatever happens.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".docsquare-doctor-")
	if err != nil {
		return err
	}
	_, written := f.WriteString("docsquare doctor\n")
	return errors.Join(written, f.Close(), os.Remove(f.Name()))
}

// room reports how much space is left on a disk, and warns if it is a network file system.
func (e *examination) room(dir, name string, locks bool) {
	free, network, ok := disk(dir)
	switch {
	case !ok:
		return
	case network != "" && locks:
		e.warn("disk", "set "+name+" to a file on a local disk, or to a PostgreSQL", "%s is on %s, on which SQLite cannot rely: files have been damaged so", dir, network)
	}
	switch {
	case free < noSpace:
		e.fail("space", "free some on the disk of "+dir+", or set "+name+" to a place elsewhere", "%s are left", size(free))
	case free < littleSpace:
		e.warn("space", "free some on the disk of "+dir+", or set "+name+" to a place elsewhere", "%s are left", size(free))
	default:
		e.ok("space", "%s are left on the disk of %s", size(free), dir)
	}
}

// remote asks for a bucket as the server does.
func (e *examination) remote(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readIn)
	defer cancel()
	const remedy = "set FILES_URL to a bucket that is there, with its region and endpoint, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of who may read and write it"
	b, err := blobstore.Open(e.Config.FilesURL, nil, slog.New(slog.DiscardHandler)) // no store: nothing is put
	if err != nil {
		e.fail("reachable", remedy, "%v", err)
		return
	}
	defer b.Close()
	name, _, _ := strings.Cut(strings.TrimPrefix(e.Config.FilesURL, "s3://"), "?")
	switch err := b.Ping(ctx); {
	case errors.Is(err, blobstore.ErrMissing):
		e.fail("reachable", remedy, "there is no bucket %s", name)
	case err != nil:
		e.fail("reachable", remedy, "the bucket does not answer: %v", err)
	default:
		e.ok("reachable", "the bucket %s answers", name)
	}
}
