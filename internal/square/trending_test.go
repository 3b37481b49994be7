package square_test

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestRankingReadsIndexes has SQLite say how it answers what a ranking adds up: from indexes alone, and in their order. The
// views of a day stand in the table, so that a view writes to no index.
func TestRankingReadsIndexes(t *testing.T) {
	url := testkit.Database(t, "sqlite")
	app := testkit.Open(t, url, testkit.Tiers{})
	testkit.NewCommunity(t, app.Store)
	ctx, record := explain.With(t.Context())
	_, err := app.Sources.Square.Trending(ctx, []cache.TrendingKey{{First: 10, Days: 7}})
	testkit.Must(t, err)

	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite://"))
	testkit.Must(t, err)
	defer db.Close()
	seen := 0
	for _, statement := range record.Report().SQL.List {
		if !strings.Contains(statement.Text, "GROUP BY") {
			continue
		}
		seen++
		want := "USING COVERING INDEX"
		if strings.Contains(statement.Text, "view_days") {
			want = "USING INDEX"
		}
		if plan := planOf(t, db, statement.Text); !strings.Contains(plan, want) || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s:\n%s", statement.Text, plan)
		}
	}
	if seen != 4 {
		t.Errorf("a ranking adds up %d tables, not views, likes, favorites and comments", seen)
	}
}

func planOf(t *testing.T, db *sql.DB, statement string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement, make([]any, strings.Count(statement, "?"))...)
	testkit.Must(t, err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		testkit.Must(t, rows.Scan(&id, &parent, &unused, &line))
		lines = append(lines, line)
	}
	testkit.Must(t, rows.Err())
	return strings.Join(lines, "\n")
}
