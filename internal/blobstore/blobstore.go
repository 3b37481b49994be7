// Package blobstore stores objects: bytes that are too many for a row of the database, in a directory or in an S3-compatible bucket. An
// object that no row needs is deleted, also after a crash.
package blobstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/store"
)

// Bucket is an open bucket, whose garbage is written down in a store.
type Bucket struct {
	objects objects
	store   *store.Store
	log     *slog.Logger
}

// objects stores objects by key.
type objects interface {
	// ping returns ErrMissing if there is no place for objects.
	ping(ctx context.Context) error
	// write writes an object from a source that it reads to its end, and returns the size in bytes. An error leaves no object.
	write(ctx context.Context, key string, src io.Reader) (int64, error)
	// section reads size bytes of an object, from the byte at from on.
	section(ctx context.Context, key string, from, size int64) (io.ReadCloser, error)
	// remove deletes an object. It does nothing if there is none.
	remove(ctx context.Context, key string) error
	close()
}

const probeIn = 5 * time.Second

// Open opens the bucket of a URL: file://DIR, which is made where it is missing, or s3://BUCKET with the parameters region,
// endpoint and use_path_style; credentials come from the environment, as AWS names them. Close it at the end.
func Open(filesURL string, s *store.Store, log *slog.Logger) (*Bucket, error) {
	scheme, dir, _ := strings.Cut(filesURL, "://")
	b := &Bucket{store: s, log: log}
	var err error
	switch scheme {
	case "file":
		b.objects, err = openDirectory(dir)
	case "s3":
		b.objects, err = openS3(filesURL)
	default:
		err = errors.New("must begin with file:// or s3://")
	}
	if err != nil {
		return nil, fmt.Errorf("FILES_URL: %w", err)
	}
	return b, nil
}

// Close closes the bucket.
func (b *Bucket) Close() { b.objects.close() }

// ErrMissing means that the server or file system answers, but the bucket does not exist.
var ErrMissing = errors.New("there is no such bucket")

// Ping checks whether the bucket exists. It returns ErrMissing if it does not, or the error of the connection.
func (b *Bucket) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probeIn)
	defer cancel()
	return b.objects.ping(ctx)
}

// Put writes what a source gives, to its end, as a new object whose key begins with a prefix. The object is garbage until
// a transaction keeps it: where none does, it goes by itself after a day. An error leaves no object; size is in bytes.
func (b *Bucket) Put(ctx context.Context, prefix string, src io.Reader) (key string, size int64, err error) {
	key = prefix + "/" + uuid.NewString()
	if err := b.store.DB.Garbage.Create().SetKey(key).SetDueAt(due(unkept)).Exec(ctx); err != nil {
		return "", 0, err
	}
	if size, err = b.objects.write(ctx, key, src); err != nil {
		return "", 0, err
	}
	return key, size, nil
}

// Section reads size bytes of an object from a place on. Close it at the end.
func (b *Bucket) Section(ctx context.Context, key string, from, size int64) (io.ReadCloser, error) {
	return b.objects.section(ctx, key, from, size)
}
