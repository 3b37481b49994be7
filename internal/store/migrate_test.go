package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestMigratingTwice finds nothing to do the second time, in another process or in the same.
func TestMigratingTwice(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			s := open(t, url)
			defer shut(s)
			r := rawOf(t, url)
			const versions = "SELECT version_id, tstamp FROM goose_db_version"
			before, _ := query(t, r, versions)
			testkit.Must(t, s.Migrate(t.Context()))
			shut(open(t, url))
			after, _ := query(t, r, versions)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestStartingTogether opens one empty database from several stores at once, as instances do that start together.
func TestStartingTogether(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			for range 5 {
				url := testkit.Database(t, dialect)
				var group sync.WaitGroup
				for range 4 {
					group.Go(func() {
						s, err := store.Open(t.Context(), url, quiet(), silent)
						if err != nil {
							t.Error(err)
							return
						}
						if _, err := s.DB.User.Query().Count(t.Context()); err != nil {
							t.Error(err)
						}
						shut(s)
					})
				}
				group.Wait()
			}
		})
	}
}

// TestNewerSchema refuses a database that a newer program has migrated.
func TestNewerSchema(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			shut(open(t, url))
			rawOf(t, url).exec(t, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)")
			_, err := store.Open(t.Context(), url, quiet(), silent)
			if err == nil || !strings.Contains(err.Error(), "version 9999") || !strings.Contains(err.Error(), fmt.Sprintf("up to %d:", latest(t))) {
				t.Errorf("the error does not name both versions: %v", err)
			}
		})
	}
}
