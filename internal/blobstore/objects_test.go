package blobstore_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"docsquare/internal/blobstore"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestSourceFailsLate stores nothing of a source that fails after more than one piece, with the error that looks like an early end.
func TestSourceFailsLate(t *testing.T) {
	for name, url := range places(t) {
		t.Run(name, func(t *testing.T) {
			b, s := opened(t, url)
			long := bytes.NewReader(make([]byte, 12<<20))
			if _, _, err := b.Put(t.Context(), "parts", io.MultiReader(long, failure{})); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("a source that fails: %v", err)
			}
			key := s.DB.Garbage.Query().OnlyX(t.Context()).Key
			if _, err := b.Section(t.Context(), key, 0, 1); err == nil {
				t.Error("the beginning of the source is stored")
			}
		})
	}
}

// TestEmpty stores an object of no bytes and reads it.
func TestEmpty(t *testing.T) {
	for name, url := range places(t) {
		t.Run(name, func(t *testing.T) {
			b, _ := opened(t, url)
			key, size, err := b.Put(t.Context(), "parts", strings.NewReader(""))
			if err != nil || size != 0 {
				t.Fatalf("%d bytes, %v", size, err)
			}
			r, err := b.Section(t.Context(), key, 0, 0)
			testkit.Must(t, err)
			content, err := io.ReadAll(r)
			if err = errors.Join(err, r.Close()); err != nil || len(content) != 0 {
				t.Errorf("%q, %v", content, err)
			}
			if _, err := b.Section(t.Context(), "parts/unknown", 0, 0); err == nil {
				t.Error("no byte of an object that is not there was read")
			}
		})
	}
}

// TestDirectoryLayout fixes how objects are kept in a directory: a file has the key as its path, and nothing else is there.
func TestDirectoryLayout(t *testing.T) {
	dir := t.TempDir()
	b, s := opened(t, "file://"+dir)
	key, _, err := b.Put(t.Context(), "parts", strings.NewReader("text"))
	testkit.Must(t, err)
	if files := filesBelow(t, dir); !slices.Equal(files, []string{key}) {
		t.Errorf("there are %q instead of %q", files, key)
	}
	const earlier = "blobs/0b7b1a44-5a6a-4b4e-9d4e-2f6b3f0e9a10"
	testkit.Must(t, errors.Join(os.MkdirAll(filepath.Join(dir, "blobs"), 0o750), os.WriteFile(filepath.Join(dir, earlier), []byte("earlier"), 0o600)))
	r, err := b.Section(t.Context(), earlier, 2, 3)
	testkit.Must(t, err)
	content, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || string(content) != "rli" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := b.Section(t.Context(), "../outside", 0, 1); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key that leads out of the directory: %v", err)
	}

	testkit.Must(t, os.Rename(filepath.Join(dir, key), filepath.Join(dir, key+".tmp"))) // as a process leaves it that ends while it writes
	testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return blobstore.Drop(t.Context(), tx, earlier) }))
	due(t, s)
	if n, err := b.Sweep(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d were swept up, %v", n, err)
	}
	if files := filesBelow(t, dir); len(files) != 0 {
		t.Errorf("%q are left", files)
	}
}

// filesBelow returns the paths of all files below a directory.
func filesBelow(t *testing.T, dir string) (files []string) {
	t.Helper()
	testkit.Must(t, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// TestS3Requests needs one request for what fits into one piece, and no permission but those for objects.
func TestS3Requests(t *testing.T) {
	handler := fakeS3(t)
	var mu sync.Mutex
	var requests []string
	b, _ := opened(t, bucketOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		requests = append(requests, r.Method)
		mu.Unlock()
		handler.ServeHTTP(w, r)
	})))
	key, _, err := b.Put(t.Context(), "parts", strings.NewReader("text"))
	testkit.Must(t, err)
	r, err := b.Section(t.Context(), key, 1, 2)
	testkit.Must(t, err)
	testkit.Must(t, errors.Join(r.Close(), b.Discard(t.Context(), key)))
	mu.Lock()
	defer mu.Unlock()
	if want := []string{http.MethodPut, http.MethodGet, http.MethodDelete}; !slices.Equal(requests, want) {
		t.Errorf("there were %q instead of %q", requests, want)
	}
}

// TestS3WithoutListing answers Ping for credentials that may read and write objects, but not list them.
func TestS3WithoutListing(t *testing.T) {
	b, _ := opened(t, bucketOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/none") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.WriteHeader(http.StatusForbidden)
	})))
	testkit.Must(t, b.Ping(t.Context()))
}
