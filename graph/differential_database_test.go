package graph_test

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// template is a database with a community, of which each test takes copies.
type template struct {
	file  string
	words *vocabulary
}

func newTemplate(t *testing.T) template {
	t.Helper()
	url := servicetest.Community(t, "sqlite")
	a := apptest.Open(t, url, servicetest.Tiers{})
	return template{strings.TrimPrefix(url, "sqlite://"), newVocabulary(t, a)}
}

// shared opens an application on the database itself.
func (m template) shared(t *testing.T, tiers servicetest.Tiers) *apptest.App {
	t.Helper()
	return apptest.Open(t, "sqlite://"+m.file, tiers)
}

// open opens an application on a copy of the database, after these statements have changed it.
func (m template) open(t *testing.T, tiers servicetest.Tiers, statements ...string) *apptest.App {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	change(t, m.file, "VACUUM INTO '"+file+"'")
	a := apptest.Open(t, "sqlite://"+file, tiers)
	change(t, file, statements...)
	return a
}

// change runs statements on a database behind the back of its applications.
func change(t *testing.T, file string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file+"?_busy_timeout=5000&_foreign_keys=off")
	testkit.Must(t, err)
	defer func() { testkit.Must(t, db.Close()) }()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func variablesOf(t *testing.T, text string) (variables map[string]any) {
	t.Helper()
	if text != "" {
		testkit.Must(t, json.Unmarshal([]byte(text), &variables))
	}
	return variables
}
