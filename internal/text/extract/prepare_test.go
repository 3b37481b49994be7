package extract_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"docsquare/internal/text/extract"
)

// TestPrepare compiles the sandbox into a directory, and loads it. Other extractors take it from the directory.
func TestPrepare(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := extract.New(extract.Limits{}, dir)
	defer first.Close()
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if err := first.Prepare(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	<-first.Loaded() // without a PDF
	written := contentOf(t, dir)
	file := stored(t, "chinese.pdf")
	for range 2 {
		x := extract.New(extract.Limits{}, dir)
		x.Warm()
		if got, err := x.PDF(t.Context(), bytes.NewReader(file), int64(len(file))); err != nil || got.Title != "分布式缓存" {
			t.Errorf("got %+v, %v", got, err)
		}
		x.Close()
		if err := x.Prepare(); err != nil {
			t.Error(err)
		}
	}
	if again := contentOf(t, dir); again != written || !strings.Contains(written, ".sha256 ") {
		t.Errorf("the directory has\n%safter\n%s", again, written)
	}
}

// contentOf lists the files in a directory, with their times.
func contentOf(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintln(&all, path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
