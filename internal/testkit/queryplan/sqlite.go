package queryplan

import (
	"database/sql"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"docsquare/internal/testkit"
)

// sqlite reads EXPLAIN QUERY PLAN.
type sqlite struct{}

func (sqlite) open(tb testing.TB, url string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite://"))
	testkit.Must(tb, err)
	return db
}

// explain passes NULL for every parameter: without statistics, the plan does not depend on them.
func (sqlite) explain(tb testing.TB, db *sql.DB, statement string) (plan string, sorts bool) {
	tb.Helper()
	plan = rowsOf(tb, db, "EXPLAIN QUERY PLAN "+statement, make([]any, strings.Count(statement, "?"))...)
	return plan, strings.Contains(plan, "TEMP B-TREE")
}

var (
	sqliteRead    = regexp.MustCompile(`(?m)^(SCAN|SEARCH) (\w+)(.*)$`)
	sqliteColumn  = regexp.MustCompile(`(\w+)[=<>]`)
	sqliteVirtual = regexp.MustCompile(`VIRTUAL TABLE INDEX \d+:.`) // with a constraint
	sqliteAlias   = regexp.MustCompile(`\b(` + strings.Join(slices.Collect(maps.Keys(large)), "|") + ")[`\"]? (?:AS )?[`\"]?(\\w+)")
)

// reads returns a read for each table of an alias, if the statement has more than one.
func (sqlite) reads(statement, plan string) (all []read) {
	aliases := map[string][]string{}
	for _, m := range sqliteAlias.FindAllStringSubmatch(statement, -1) {
		aliases[m[2]] = append(aliases[m[2]], m[1])
	}
	for _, m := range sqliteRead.FindAllStringSubmatch(plan, -1) {
		var columns []string
		switch search, how := m[1] == "SEARCH", m[3]; {
		case strings.Contains(how, " AUTOMATIC "): // an index that is built from all rows, for this statement
		case search && how == "":
			columns = []string{"MIN or MAX"} // of one row
		case search:
			for _, c := range sqliteColumn.FindAllStringSubmatch(how, -1) {
				columns = append(columns, c[1])
			}
		case sqliteVirtual.MatchString(how):
			columns = []string{"MATCH"}
		}
		for _, table := range append(aliases[m[2]], m[2]) {
			all = append(all, read{table, columns, flagsOnly(columns)})
		}
	}
	return all
}
