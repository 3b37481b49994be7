package queryplan

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"docsquare/internal/testkit"
)

// postgres reads EXPLAIN of generic plans, which do not depend on parameters. What is cheap only for small tables is switched off:
// PostgreSQL then chooses it only if no index serves.
type postgres struct{}

func (postgres) open(tb testing.TB, url string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("pgx", url)
	testkit.Must(tb, err)
	db.SetMaxOpenConns(1)
	for _, setting := range []string{"enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off", "jit = off", "plan_cache_mode = force_generic_plan"} {
		execute(tb, db, "SET "+setting)
	}
	return db
}

// explain asks again without sorts if the plan sorts: a sort of few rows may only be cheaper than the index.
func (p postgres) explain(tb testing.TB, db *sql.DB, statement string) (plan string, sorts bool) {
	tb.Helper()
	const sort = "Sort Key"
	if plan = p.generic(tb, db, statement); !strings.Contains(plan, sort) {
		return plan, false
	}
	execute(tb, db, "SET enable_sort = off")
	defer execute(tb, db, "SET enable_sort = on")
	return plan, strings.Contains(p.generic(tb, db, statement), sort)
}

func (postgres) generic(tb testing.TB, db *sql.DB, statement string) string {
	tb.Helper()
	n := 0
	for strings.Contains(statement, fmt.Sprintf("$%d", n+1)) {
		n++
	}
	execute(tb, db, "PREPARE explained AS "+statement)
	defer execute(tb, db, "DEALLOCATE explained")
	call := "EXPLAIN (COSTS off) EXECUTE explained"
	if n > 0 {
		call += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
	}
	return rowsOf(tb, db, call)
}

func execute(tb testing.TB, db *sql.DB, statement string) {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), statement); err != nil {
		tb.Fatalf("%v:\n%s", err, statement)
	}
}

var (
	// An index is on the lines of its scan and, if the scan uses it for a search, in the condition on the next line.
	postgresRead = regexp.MustCompile(`(?m)(Bitmap Heap|Bitmap Index|Seq|Index|Index Only) Scan(?: Backward)?(?: using \w+)? on (\w+)\b.*$(?:\n +Index Cond: (.*)$)?`)
	postgresWord = regexp.MustCompile(`(?:^|[( ])([a-z]\w*)\)*(?:::\w+)? `) // to the left of an operator
)

// reads does not know flags: PostgreSQL searches by a flag only if its statistics say so, and here it has none.
func (postgres) reads(_, plan string) (all []read) {
	heap := ""
	for _, m := range postgresRead.FindAllStringSubmatch(plan, -1) {
		r := read{table: m[2]}
		for _, c := range postgresWord.FindAllStringSubmatch(m[3], -1) {
			r.columns = append(r.columns, c[1])
		}
		switch m[1] {
		case "Bitmap Heap": // of the bitmaps that follow
			heap = r.table
			continue
		case "Bitmap Index":
			r.table = heap
		}
		all = append(all, r)
	}
	return all
}
