package store_test

import (
	"os"
	"strings"
	"testing"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestSize compares the size of an SQLite database with its files. The account of the tests may see the log of PostgreSQL.
func TestSize(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			s := open(t, url)
			defer shut(s)
			size, err := s.Size(t.Context())
			testkit.Must(t, err)
			file, err := s.File(t.Context())
			testkit.Must(t, err)
			if dialect == "postgres" {
				if file != "" || size.Database < 1<<20 || size.WAL < 1<<20 {
					t.Errorf("%+v in the file %q", size, file)
				}
				return
			}
			if path := strings.TrimPrefix(url, "sqlite://"); file != path {
				t.Errorf("the file is %q, want %q", file, path)
			}
			main, err := os.Stat(file)
			testkit.Must(t, err)
			wal, err := os.Stat(file + "-wal")
			testkit.Must(t, err)
			if size != (store.Size{Database: main.Size(), WAL: wal.Size()}) || wal.Size() == 0 {
				t.Errorf("%+v, want %d and %d bytes", size, main.Size(), wal.Size())
			}
		})
	}
}
