package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/ent/user"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestUpgradeKeepsData takes a database of every version that there was to the latest and compares every row. The rows are
// those of testdata: vN.sql fills what version N brought, so a migration that makes a table comes with such a file; vN.sqlite.sql and
// vN.postgres.sql fill what each database has its own kind of.
func TestUpgradeKeepsData(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			for version := int64(1); version <= latest(t); version++ {
				t.Run(fmt.Sprintf("v%d", version), func(t *testing.T) { upgrade(t, testkit.Database(t, dialect), version) })
			}
		})
	}
}

func upgrade(t *testing.T, url string, version int64) {
	t.Helper()
	old := filled(t, url, version)
	before := contents(t, old, nil)
	for table, rows := range before {
		if len(rows) < 2 { // the first is the header
			t.Errorf("version %d has the table %s, for which testdata has no row", version, table)
		}
	}

	s := open(t, url)
	defer shut(s)
	for table, rows := range contents(t, old, before) {
		if diff := cmp.Diff(before[table], rows); diff != "" {
			t.Errorf("%s has changed (-before +after):\n%s", table, diff)
		}
	}
	if users, err := s.DB.User.Query().WithDocuments().WithCredential().All(t.Context()); err != nil || len(users) != 2 {
		t.Errorf("%d users are read, %v", len(users), err)
	}
	if !old.postgres {
		if broken, _ := query(t, old, "SELECT * FROM pragma_foreign_key_check"); len(broken) > 0 {
			t.Errorf("references lead nowhere: %v", broken)
		}
	}
	ann := s.DB.User.Query().Where(user.Username("ann")).OnlyIDX(t.Context())
	testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.User.DeleteOneID(ann).Exec(t.Context()) }))
	if n := s.DB.Document.Query().CountX(t.Context()); n != 0 {
		t.Errorf("%d documents have lost their author: references are not kept any more", n)
	}
}

// filled is a database of an old version with the rows of testdata.
func filled(t *testing.T, url string, version int64) raw {
	t.Helper()
	r := rawOf(t, url)
	for v := int64(1); v <= version; v++ {
		_, err := r.migrate.UpTo(t.Context(), v)
		testkit.Must(t, err)
		for _, dialect := range []string{"", map[bool]string{true: ".postgres", false: ".sqlite"}[r.postgres]} {
			rows, err := os.ReadFile(fmt.Sprintf("testdata/v%d%s.sql", v, dialect))
			if errors.Is(err, fs.ErrNotExist) {
				continue // the version brought no table
			}
			testkit.Must(t, err)
			r.exec(t, string(rows))
		}
	}
	return r
}

// indexed selects what the tables of SQLite's index have of documents. The other rows configure the index, and have the version of the
// configuration: a migration may change them.
var indexed = map[string]string{"search_words_config": " WHERE k = 'version'", "search_words_data": " WHERE id <> 10"}

// contents is the rows of every table as text, after a header of the columns: with like, those tables and columns alone.
func contents(t *testing.T, r raw, like map[string][]string) map[string][]string {
	t.Helper()
	list := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if r.postgres {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	names, _ := query(t, r, list)
	out := map[string][]string{}
	for _, name := range names {
		if name == "goose_db_version" {
			continue
		}
		columns := "*"
		if like != nil {
			if len(like[name]) == 0 {
				continue // a later version made it
			}
			columns = like[name][0]
		}
		rows, header := query(t, r, "SELECT "+columns+" FROM "+name+indexed[name])
		out[name] = append([]string{header}, rows...)
	}
	return out
}

// query is the rows of a query as text, in an order of their own, and the names of its columns.
func query(t *testing.T, db raw, text string) (lines []string, header string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	testkit.Must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	testkit.Must(t, err)
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		testkit.Must(t, rows.Scan(into...))
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				values[i] = string(raw)
			}
			values[i] = fmt.Sprint(values[i])
		}
		lines = append(lines, strings.Trim(fmt.Sprintf("%q", values), "[]"))
		if len(columns) == 1 {
			lines[len(lines)-1] = fmt.Sprint(values[0])
		}
	}
	testkit.Must(t, rows.Err())
	slices.Sort(lines)
	return lines, strings.Join(columns, ", ")
}
