package square_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // the driver "sqlite3"

	"docsquare/ent/document"
	"docsquare/internal/cache"
	"docsquare/internal/explain"
	"docsquare/internal/page"
	"docsquare/internal/rank"
	"docsquare/internal/square"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// reading is something that the square reads. Few says that it may put what it found into an order itself.
type reading struct {
	name string
	read func(ctx context.Context, s *square.Service) error
	few  bool
}

func readings() []reading {
	var list []reading
	filters := map[string]cache.SquareFilter{
		"all": {}, "format": {Format: document.FormatMD}, "category": {Category: "缓存"}, "tag": {Tag: "graph"}, "author": {Author: apptest.ID("ann")},
	}
	for name, f := range filters {
		for _, order := range []string{cache.OrderCreated, cache.OrderUpdated, cache.OrderPopularity} {
			for _, args := range []page.Args{{Size: 20}, {Size: 20, Backward: true}, {Size: 20, After: page.Cursor{Sort: 1, ID: uuid.UUID{1}}}} {
				key := cache.SquareKey{Filter: f, Order: cache.SquareOrder{Field: order}, Args: args, Count: args.Head()}
				list = append(list, reading{
					name: fmt.Sprintf("documents by %s with %s, %+v", order, name, args),
					few:  f.Tag != "" && order != cache.OrderCreated || f.Author != uuid.Nil && order == cache.OrderPopularity,
					read: func(ctx context.Context, s *square.Service) error {
						_, err := s.Pages(ctx, []cache.SquareKey{key})
						return err
					},
				})
			}
		}
	}
	for w := range rank.Windows {
		list = append(list, reading{name: fmt.Sprintf("trending %d", w), read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Trending(ctx, []cache.TrendingKey{{Window: w, First: 10}})
			return err
		}})
	}
	for _, kind := range []cache.UserList{cache.PublicDocuments, cache.OwnDocuments, cache.Drafts, cache.Likes, cache.Favorites} {
		key := cache.UserListKey{UserListCount: cache.UserListCount{List: kind, User: apptest.ID("ann")}, Args: page.Args{Size: 20}}
		list = append(list, reading{name: "list " + string(kind), few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Lists(ctx, []cache.UserListKey{key})
			return err
		}})
	}
	for _, text := range []string{"文档", "graph document", `"text of" -nothing`, "docum*"} {
		key := square.Asked(text, cache.SquareFilter{Tag: "graph"})
		list = append(list, reading{name: "search " + text, few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Search(ctx, []cache.SearchKey{key})
			return err
		}})
	}
	return append(list,
		reading{name: "suggestions", few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Suggest(ctx, []cache.SuggestionKey{{Prefix: "gr", First: 8}})
			return err
		}},
		reading{name: "totals", read: func(ctx context.Context, s *square.Service) error {
			var all []cache.SquareFilter
			for _, f := range filters {
				all = append(all, f)
			}
			_, err := s.Totals(ctx, all)
			return err
		}},
	)
}

// large is the tables that grow with the site.
var large = []string{
	"documents", "document_stats", "document_tags", "revisions", "users", "user_stats", "likes", "favorites", "comments", "view_days",
	"search_entries", "search_words", "tags",
}

// TestEverythingReadsIndexes has both databases say how they answer each statement that the explain extension reports: none
// reads a table that grows with the site from end to end, and what is a page of an order is found in that order.
func TestEverythingReadsIndexes(t *testing.T) {
	for dialect, p := range map[string]planner{"sqlite": sqlitePlan, "postgres": postgresPlan} {
		t.Run(dialect, func(t *testing.T) {
			url := testkit.Database(t, dialect)
			app := apptest.Open(t, url, apptest.Tiers{})
			apptest.NewCommunity(t, app.Store)
			db := p.open(t, url)
			defer db.Close()
			seen := 0
			for _, r := range readings() {
				ctx, record := explain.With(t.Context())
				testkit.Must(t, r.read(ctx, app.Sources.Square))
				for _, statement := range record.Report().SQL.List {
					plan := p.plan(t, db, statement.Text)
					seen++
					for _, table := range large {
						if p.scans(plan, table) {
							t.Errorf("%s reads all of %s:\n%s\n%s", r.name, table, statement.Text, plan)
						}
					}
					if !r.few && strings.Contains(plan, p.sorts) {
						t.Errorf("%s sorts:\n%s\n%s", r.name, statement.Text, plan)
					}
				}
			}
			if seen < len(readings()) {
				t.Errorf("%d statements were looked at, for %d readings", seen, len(readings()))
			}
		})
	}
}

// planner has a database explain statements.
type planner struct {
	open  func(t *testing.T, url string) *sql.DB
	plan  func(t *testing.T, db *sql.DB, statement string) string
	scans func(plan, table string) bool
	sorts string
}

var sqlitePlan = planner{
	open: func(t *testing.T, url string) *sql.DB {
		t.Helper()
		db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite://"))
		testkit.Must(t, err)
		return db
	},
	plan: func(t *testing.T, db *sql.DB, statement string) string {
		t.Helper()
		return lines(t, db, "EXPLAIN QUERY PLAN "+statement, 4, make([]any, strings.Count(statement, "?"))...)
	},
	scans: func(plan, table string) bool {
		return regexp.MustCompile(`(?m)^SCAN ` + table + `( AS \w+)?( USING COVERING INDEX .*)?$`).MatchString(plan)
	},
	sorts: "TEMP B-TREE",
}

// postgresPlan asks for the plan of whatever arguments. The tables of the test are small, so a scan or a sort of one is made
// expensive: it is chosen where no index serves.
var postgresPlan = planner{
	open: func(t *testing.T, url string) *sql.DB {
		t.Helper()
		db, err := sql.Open("pgx", url)
		testkit.Must(t, err)
		db.SetMaxOpenConns(1)
		for _, setting := range []string{"SET enable_seqscan = off", "SET enable_sort = off", "SET plan_cache_mode = force_generic_plan"} {
			_, err := db.ExecContext(t.Context(), setting)
			testkit.Must(t, err)
		}
		return db
	},
	plan: func(t *testing.T, db *sql.DB, statement string) string {
		t.Helper()
		n := 0
		for strings.Contains(statement, fmt.Sprintf("$%d", n+1)) {
			n++
		}
		_, err := db.ExecContext(t.Context(), "PREPARE looked_at AS "+statement)
		testkit.Must(t, err)
		call := "EXPLAIN EXECUTE looked_at"
		if n > 0 {
			call += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
		}
		plan := lines(t, db, call, 1)
		_, err = db.ExecContext(t.Context(), "DEALLOCATE looked_at")
		testkit.Must(t, err)
		return plan
	},
	scans: func(plan, table string) bool {
		return regexp.MustCompile(`Seq Scan on ` + table + `\b`).MatchString(plan)
	},
	sorts: "Sort Key",
}

// lines is the last of so many columns of each row.
func lines(t *testing.T, db *sql.DB, statement string, columns int, args ...any) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), statement, args...)
	testkit.Must(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		values := make([]any, columns)
		for i := range values {
			values[i] = new(any)
		}
		var line string
		values[columns-1] = &line
		testkit.Must(t, rows.Scan(values...))
		out = append(out, line)
	}
	testkit.Must(t, rows.Err())
	return strings.Join(out, "\n")
}
