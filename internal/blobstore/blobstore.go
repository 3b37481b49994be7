// Package blobstore stores objects: bytes that are too many for a row of the database, in a directory or in an S3-compatible bucket. An
// object that no row needs is deleted, also after a crash.
package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // the scheme s3
	"gocloud.dev/gcerrors"

	"docsquare/internal/store"
)

// Bucket is an open bucket, whose garbage is written down in a store.
type Bucket struct {
	objects *blob.Bucket
	probe   func(context.Context) error // whether it is there
	store   *store.Store
	log     *slog.Logger
}

const (
	writeBuffer = 5 << 20 // the smallest that S3 takes
	probeIn     = 5 * time.Second
)

// Open opens the bucket of a URL: file://DIR, which is made where it is missing, or s3://BUCKET with the parameters region,
// endpoint and use_path_style; credentials come from the environment, as AWS names them. Close it at the end.
func Open(ctx context.Context, filesURL string, s *store.Store, log *slog.Logger) (*Bucket, error) {
	scheme, dir, _ := strings.Cut(filesURL, "://")
	b := &Bucket{store: s, log: log}
	var err error
	switch scheme {
	case "file":
		b.objects, err = fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o750, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
		b.probe = func(context.Context) error { return isDirectory(dir) }
	case "s3":
		b.objects, err = blob.OpenBucket(ctx, filesURL)
		b.probe = b.isAccessible
	default:
		err = errors.New("must begin with file:// or s3://")
	}
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	return b, nil
}

// Close closes the bucket.
func (b *Bucket) Close() error { return b.objects.Close() }

// ErrMissing means that the server or file system answers, but the bucket does not exist.
var ErrMissing = errors.New("there is no such bucket")

// Ping checks whether the bucket exists. It returns ErrMissing if it does not, or the error of the connection.
func (b *Bucket) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeIn)
	defer cancel()
	return b.probe(ctx)
}

func isDirectory(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		return ErrMissing
	}
	return err
}

// isAccessible asks for a list of one object, because S3 answers the same for a missing object and a missing bucket.
func (b *Bucket) isAccessible(ctx context.Context) error {
	there, err := b.objects.IsAccessible(ctx)
	switch {
	case gcerrors.Code(err) == gcerrors.PermissionDenied: // who may not list may still read and write
		_, err = b.objects.Exists(ctx, "none")
		return err
	case err == nil && !there:
		return ErrMissing
	}
	return err
}

// Put writes what a source gives, to its end, as a new object whose key begins with a prefix. The object is garbage until
// a transaction keeps it: where none does, it goes by itself after a day. An error leaves no object; size is in bytes.
func (b *Bucket) Put(ctx context.Context, prefix string, src io.Reader) (key string, size int64, err error) {
	key = prefix + "/" + uuid.NewString()
	if err := b.store.DB.Garbage.Create().SetKey(key).SetDueAt(due(unkept)).Exec(ctx); err != nil {
		return "", 0, err
	}
	writing, abandon := context.WithCancel(ctx)
	defer abandon()
	w, err := b.objects.NewWriter(writing, key, &blob.WriterOptions{ContentType: "application/octet-stream", BufferSize: writeBuffer, MaxConcurrency: 1})
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(w, src)
	if err != nil {
		abandon()
		_ = w.Close() // the first error is the cause
		return "", 0, err
	}
	return key, size, w.Close()
}

// Section reads size bytes of an object from a place on. Close it at the end.
func (b *Bucket) Section(ctx context.Context, key string, from, size int64) (io.ReadCloser, error) {
	return b.objects.NewRangeReader(ctx, key, from, size, nil)
}

// remove deletes an object; one that is not there is none to delete.
func (b *Bucket) remove(ctx context.Context, key string) error {
	if err := b.objects.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return err
	}
	return nil
}
