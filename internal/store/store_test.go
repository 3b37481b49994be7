package store_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	dialects = []string{"sqlite", "postgres"}
	silent   = slog.New(slog.DiscardHandler)
)

// quiet is the invalidation of a store without a cache.
func quiet() store.Invalidation {
	return store.Invalidation{Tags: kinds.Touched, Replace: func(context.Context, []string) error { return nil }}
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, quiet(), silent)
	testkit.Must(t, err)
	return s
}

// shut closes a store that nothing uses any more, so nothing is left to fail.
func shut(s *store.Store) { _ = s.Close() }

// latest is the version of the schema.
func latest(t *testing.T) int64 {
	t.Helper()
	all := versions(t)
	return all[len(all)-1]
}

// versions is the version of each migration, the first one first.
func versions(t *testing.T) (all []int64) {
	t.Helper()
	files, err := filepath.Glob("migrations/sqlite/*.sql")
	testkit.Must(t, err)
	for _, file := range files {
		number, _, _ := strings.Cut(filepath.Base(file), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		testkit.Must(t, err)
		all = append(all, version)
	}
	return all
}

// TestCommitsAreSynced has SQLite sync each commit, so that an acknowledged write survives a power cut.
func TestCommitsAreSynced(t *testing.T) {
	s := open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	level, err := store.Synchronous(t.Context(), s)
	testkit.Must(t, err)
	if level != 2 {
		t.Errorf("PRAGMA synchronous is %d, want 2 (FULL)", level)
	}
}
