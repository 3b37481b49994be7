// Package queryplan asks SQLite and PostgreSQL how they execute statements, so that tests can require indexes. It explains
// statements and does not execute them. It is imported by tests only.
package queryplan

import (
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"docsquare/internal/store"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
)

// Planner explains statements on one database. It is not safe for concurrent use.
type Planner struct {
	dialect dialect
	db      *sql.DB
	plans   map[string]Plan
	failed  map[string]bool // statements that Check has reported
	exempt  []*exemption
}

// Plan is how a database executes a statement.
type Plan struct {
	Statement string
	Text      string   // as the database prints it
	Scans     []string // the large tables that are read from end to end
	Sorts     bool     // whether rows are sorted because no index returns them in order
}

// exemption is for statements that scan by design.
type exemption struct {
	prefix string
	used   bool
}

// dialect is what differs between the databases.
type dialect interface {
	open(tb testing.TB, url string) *sql.DB
	explain(tb testing.TB, db *sql.DB, statement string) (plan string, sorts bool)
	reads(statement, plan string) []read
}

// read is an access to a table in a plan.
type read struct {
	table   string   // or its alias
	columns []string // that the search in an index compares; none if it reads every row
	flags   bool     // whether the database searches by flags alone although it could search by another column
}

// Open migrates an empty database of the dialect "sqlite" or "postgres", which lasts until the end of the test. PostgreSQL takes a
// table for a larger one if it has never been filled; plans for the few rows of a test would change when it analyzes them.
func Open(tb testing.TB, dialectName string) *Planner {
	tb.Helper()
	url := testkit.Database(tb, dialectName)
	s, err := store.Open(tb.Context(), url, store.Invalidation{Tags: func(any) []string { return nil }}, slog.New(slog.DiscardHandler))
	testkit.Must(tb, err)
	testkit.Must(tb, s.Close())
	dialects := map[string]dialect{"sqlite": sqlite{}, "postgres": postgres{}}
	p := &Planner{dialect: dialects[dialectName], plans: map[string]Plan{}, failed: map[string]bool{}}
	p.db = p.dialect.open(tb, url)
	tb.Cleanup(func() { _ = p.db.Close() })
	return p
}

// Plan returns the plan of a statement. It fails the test if the database cannot explain the statement.
func (p *Planner) Plan(tb testing.TB, statement string) Plan {
	tb.Helper()
	if known, ok := p.plans[statement]; ok {
		return known
	}
	plan := Plan{Statement: statement}
	plan.Text, plan.Sorts = p.dialect.explain(tb, p.db, statement)
	for _, r := range p.dialect.reads(statement, plan.Text) {
		if large[r.table] && !plan.bounded(r) {
			plan.Scans = append(plan.Scans, r.table)
		}
	}
	p.plans[statement] = plan
	return plan
}

// bounded reports whether a read does not grow with its table: it is a search, or a walk in an order that ends with a page.
func (p Plan) bounded(r read) bool {
	page := strings.Contains(p.Statement, " ORDER BY ") && strings.Contains(p.Statement, " LIMIT ") && !p.Sorts
	if len(r.columns) == 0 {
		return page && !strings.Contains(p.Statement, " WHERE ")
	}
	return page || !r.flags
}

// Check fails the test for each statement of the report that reads a large table from end to end, the first time that it sees the
// statement. It returns the plans.
func (p *Planner) Check(tb testing.TB, name string, report record.Report) []Plan {
	tb.Helper()
	plans := make([]Plan, len(report.SQL.List))
	for i, statement := range report.SQL.List {
		plans[i] = p.Plan(tb, statement.Text)
		if scans := plans[i].Scans; len(scans) > 0 && !p.failed[statement.Text] && !p.exempted(statement.Text) {
			p.failed[statement.Text] = true
			tb.Errorf("%s reads all of %s:\n%s\n%s", name, strings.Join(scans, ", "), statement.Text, plans[i].Text)
		}
	}
	return plans
}

// Exempt lets statements scan that begin with the prefix, which has no quotes around names. It fails the test at its end if
// Check has not seen such a statement.
func (p *Planner) Exempt(tb testing.TB, prefix, reason string) {
	tb.Helper()
	e := &exemption{prefix: prefix}
	p.exempt = append(p.exempt, e)
	tb.Cleanup(func() {
		if !e.used {
			tb.Errorf("no statement that scans begins with %q: remove the exemption (%s)", prefix, reason)
		}
	})
}

func (p *Planner) exempted(statement string) (yes bool) {
	statement = strings.NewReplacer("`", "", `"`, "").Replace(statement)
	for _, e := range p.exempt {
		if strings.HasPrefix(statement, e.prefix) {
			e.used, yes = true, true
		}
	}
	return yes
}

// rowsOf returns the last column of each row, one row a line.
func rowsOf(tb testing.TB, db *sql.DB, statement string, args ...any) string {
	tb.Helper()
	rows, err := db.QueryContext(tb.Context(), statement, args...)
	if err != nil {
		tb.Fatalf("%v:\n%s", err, statement)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	testkit.Must(tb, err)
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(any)
	}
	var lines []string
	for rows.Next() {
		testkit.Must(tb, rows.Scan(values...))
		lines = append(lines, fmt.Sprint(*values[len(values)-1].(*any)))
	}
	testkit.Must(tb, rows.Err())
	return strings.Join(lines, "\n")
}
