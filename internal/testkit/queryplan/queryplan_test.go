package queryplan_test

import (
	"slices"
	"testing"

	"docsquare/ent/migrate"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/queryplan"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const id = "00000000-0000-0000-0000-000000000000"

// statements have the tables that each database reads from end to end.
var statements = []struct {
	text             string
	sqlite, postgres []string
	sorts            bool
}{
	{text: "SELECT id FROM sessions WHERE id = '" + id + "' OR user_id = '" + id + "'"},
	{text: "SELECT name FROM categories WHERE documents = 1"},
	{text: "SELECT user_agent FROM sessions WHERE user_agent = ''", sqlite: []string{"sessions"}, postgres: []string{"sessions"}},
	{text: "SELECT COUNT(*) FROM sessions AS s", sqlite: []string{"sessions"}, postgres: []string{"sessions"}},
	{text: "DELETE FROM sessions WHERE user_agent = ''", sqlite: []string{"sessions"}, postgres: []string{"sessions"}},
	{text: "SELECT id FROM sessions ORDER BY expires_at LIMIT 5"},
	{text: "SELECT id FROM sessions WHERE user_agent = '' ORDER BY expires_at LIMIT 5", sqlite: []string{"sessions"}, postgres: []string{"sessions"}},
	{text: "SELECT s.id FROM sessions AS s WHERE EXISTS (SELECT 1 FROM session_secrets AS x WHERE x.session_id = s.id AND x.token_hash = '')", sqlite: []string{"sessions"}},
	{text: "SELECT s.id FROM sessions s JOIN files f ON f.name = s.user_agent WHERE s.id = '" + id + "'", sqlite: []string{"files"}, postgres: []string{"files"}},
	{text: "SELECT COUNT(*) FROM documents WHERE visibility = 'PUBLIC'", sqlite: []string{"documents"}},
	{text: "SELECT id FROM documents WHERE visibility = 'PUBLIC' ORDER BY created_at LIMIT 5"},
	{text: "SELECT id FROM documents WHERE visibility = 'PUBLIC' ORDER BY title LIMIT 5", sqlite: []string{"documents"}, sorts: true},
	{text: "INSERT INTO derivations (id, version) VALUES ('x', 1)"},
	{text: "UPDATE users SET bio = '' WHERE username = 'ann'"},
}

// TestPlans explains statements whose plans are known.
func TestPlans(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			p := queryplan.Open(t, dialect)
			for _, s := range statements {
				want := s.sqlite
				text := s.text
				if dialect == "postgres" {
					want = s.postgres
				}
				if got := p.Plan(t, text); !slices.Equal(got.Scans, want) || got.Sorts != s.sorts {
					t.Errorf("%s\nscans %v, want %v; sorts: %v, want %v\n%s", text, got.Scans, want, got.Sorts, s.sorts, got.Text)
				}
			}
		})
	}
}

// TestForeignKeysHaveIndexes wants an index that begins with the column of each foreign key: a database looks for the rows that
// refer to a deleted row, and no plan shows that search.
func TestForeignKeysHaveIndexes(t *testing.T) {
	for _, table := range migrate.Tables {
		for _, key := range table.ForeignKeys {
			column := key.Columns[0]
			indexed := column.Unique
			for _, index := range table.Indexes {
				indexed = indexed || index.Columns[0] == column
			}
			if !indexed {
				t.Errorf("%s has no index that begins with %s", table.Name, column.Name)
			}
		}
	}
}
