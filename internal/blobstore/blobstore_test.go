package blobstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"docsquare/internal/blobstore"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// places is the URL of an empty bucket of each kind.
func places(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{"a directory": "file://" + t.TempDir() + "/made/文件", "S3": bucketOf(t, fakeS3(t))}
}

// fakeS3 returns a server of S3 with an empty bucket that is called files.
func fakeS3(t *testing.T) http.Handler {
	t.Helper()
	s3 := s3mem.New()
	testkit.Must(t, s3.CreateBucket("files"))
	return gofakes3.New(s3).Server()
}

// bucketOf serves S3 by a handler, sets credentials, and returns the URL of the bucket that is called files.
func bucketOf(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	return "s3://files?region=local&use_path_style=true&endpoint=" + server.URL
}

func opened(t *testing.T, url string) (*blobstore.Bucket, *store.Store) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(t.Context(), testkit.Database(t, "sqlite"), store.Invalidation{
		Tags: kinds.Touched, Replace: func(context.Context, []string) error { return nil },
	}, log)
	testkit.Must(t, err)
	b, err := blobstore.Open(url, s, log)
	testkit.Must(t, err)
	t.Cleanup(func() {
		b.Close()
		testkit.Must(t, s.Close())
	})
	return b, s
}

func due(t *testing.T, s *store.Store) {
	t.Helper()
	s.DB.Garbage.Update().SetDueAt(time.Now().UTC().Add(-time.Minute)).ExecX(t.Context())
}

// TestMissing tells a bucket that is gone, or was never there, from one that answers.
func TestMissing(t *testing.T) {
	all := places(t)
	for name, url := range all {
		t.Run(name, func(t *testing.T) {
			if dir, ok := strings.CutPrefix(url, "file://"); ok {
				b, _ := opened(t, url)
				testkit.Must(t, os.RemoveAll(dir))
				if err := b.Ping(t.Context()); !errors.Is(err, blobstore.ErrMissing) {
					t.Errorf("a directory that is gone: %v", err)
				}
				return
			}
			b, _ := opened(t, strings.Replace(url, "s3://files", "s3://none", 1))
			if err := b.Ping(t.Context()); !errors.Is(err, blobstore.ErrMissing) {
				t.Errorf("a bucket that is not there: %v", err)
			}
		})
	}
}

// TestObjects writes, reads from anywhere, keeps and drops objects of more than one piece, in every kind of bucket.
func TestObjects(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789 文"), 1<<19)
	for name, url := range places(t) {
		t.Run(name, func(t *testing.T) {
			b, s := opened(t, url)
			testkit.Must(t, b.Ping(t.Context()))
			key, size, err := b.Put(t.Context(), "parts", bytes.NewReader(content))
			if err != nil || size != int64(len(content)) || !strings.HasPrefix(key, "parts/") {
				t.Fatalf("%q, %d bytes, %v", key, size, err)
			}
			testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Keep(t.Context(), tx, key) }))
			due(t, s)
			if n, err := b.Sweep(t.Context()); n != 0 || err != nil {
				t.Fatalf("a kept object is swept up: %d, %v", n, err)
			}
			r, err := b.Section(t.Context(), key, 1000, 5000)
			testkit.Must(t, err)
			got := make([]byte, 5000)
			_, err = io.ReadFull(r, got)
			testkit.Must(t, errors.Join(err, r.Close()))
			if !bytes.Equal(got, content[1000:6000]) {
				t.Error("from the middle it is another")
			}
			section, err := b.Section(t.Context(), key, 7, 11)
			testkit.Must(t, err)
			got, err = io.ReadAll(section)
			testkit.Must(t, errors.Join(err, section.Close()))
			if !bytes.Equal(got, content[7:18]) {
				t.Errorf("a section is %q", got)
			}
			testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Drop(t.Context(), tx, key) }))
			due(t, s)
			if n, err := b.Sweep(t.Context()); n != 1 || err != nil {
				t.Fatalf("%d were swept up, %v", n, err)
			}
			if _, err := b.Section(t.Context(), key, 0, 1); err == nil {
				t.Error("a dropped object is there")
			}
		})
	}
}

// TestUnkept: what nothing kept goes, and can be kept no more; and a source that fails leaves nothing.
func TestUnkept(t *testing.T) {
	for name, url := range places(t) {
		t.Run(name, func(t *testing.T) {
			b, s := opened(t, url)
			key, _, err := b.Put(t.Context(), "parts", strings.NewReader("text"))
			testkit.Must(t, err)
			failing := io.MultiReader(strings.NewReader("half"), failure{})
			if _, _, err := b.Put(t.Context(), "parts", failing); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("a source that fails: %v", err)
			}
			due(t, s)
			if n, err := b.Sweep(t.Context()); n != 2 || err != nil {
				t.Fatalf("%d were swept up, %v", n, err)
			}
			if err := s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Keep(t.Context(), tx, key) }); err == nil {
				t.Error("an object that is gone was kept")
			}
		})
	}
}

type failure struct{}

func (failure) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestDiscard deletes at once what nothing keeps, and nothing else, however often it is asked.
func TestDiscard(t *testing.T) {
	for name, url := range places(t) {
		t.Run(name, func(t *testing.T) {
			b, s := opened(t, url)
			keys := make([]string, 4) // kept, not kept, rejected, dropped
			for i := range keys {
				var err error
				keys[i], _, err = b.Put(t.Context(), "blobs", strings.NewReader("text"))
				testkit.Must(t, err)
			}
			testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error {
				return errors.Join(blobstore.Keep(t.Context(), tx, keys[0]), blobstore.Reject(t.Context(), tx, keys[2]), blobstore.Keep(t.Context(), tx, keys[3]))
			}))
			testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Drop(t.Context(), tx, keys[3]) }))
			if err := s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Keep(t.Context(), tx, keys[2]) }); err == nil {
				t.Error("a rejected object was kept")
			}
			for range 2 {
				testkit.Must(t, b.Discard(t.Context(), append(keys, "blobs/unknown")...))
			}
			if n := s.DB.Garbage.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d rows are left", n)
			}
			for i, key := range keys {
				r, err := b.Section(t.Context(), key, 0, 4)
				if (err == nil) != (i == 0) {
					t.Errorf("object %d: %v", i, err)
				}
				if err == nil {
					testkit.Must(t, r.Close())
				}
			}
		})
	}
}

// TestBadURL checks that the error for a bad URL describes a valid one.
func TestBadURL(t *testing.T) {
	for _, url := range []string{
		"ftp://files", "files", "s3://files?colour=red", "s3://files?use_path_style=perhaps", "s3://files?endpoint=localhost:9000", "s3://files?endpoint=https://host/path",
	} {
		if _, err := blobstore.Open(url, nil, nil); err == nil || !strings.Contains(err.Error(), "FILES_URL") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
