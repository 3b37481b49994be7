package graph_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/process"
)

// cut is what happens to a write at one of its points.
type cut int

const (
	undisturbed cut = iota
	leaveBefore     // the client leaves before the statement runs
	leaveAfter      // the client leaves when it has run
	loseRequest     // the statement does not reach the database
	loseAnswer      // the statement runs, and its answer is lost
)

var cuts = []cut{leaveBefore, leaveAfter, loseRequest, loseAnswer}

func (c cut) String() string {
	return []string{"undisturbed", "the client leaves before", "the client leaves after", "a lost request in place of", "a lost answer of"}[c]
}

// The points that are no statements.
const (
	pointBegin  = "BEGIN"
	pointCommit = "COMMIT"
)

// cutter is a driver that disturbs one write at one of its points: BEGIN, each statement of its transactions, COMMIT. What is lost is lost on
// the way to PostgreSQL; with SQLite, where there is no way, the statement fails before or after it runs. Only what runs for the context of a
// request that is to be cut is disturbed.
type cutter struct {
	dialect.Driver
	tb  testing.TB
	way *process.Proxy // nil for SQLite

	mu    sync.Mutex
	at    int // the number of the point
	kind  cut
	leave func() // ends the context of the request
	seen  []string
}

var errCut = errors.New("disk I/O error")

// cutKey marks the context of a request that is cut.
type cutKey struct{}

// arm returns the context of a request that is disturbed at a point, and a function that returns all points so far.
func (c *cutter) arm(ctx context.Context, at int, kind cut) (cuttable context.Context, points func() []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cuttable, leave := context.WithCancel(context.WithValue(ctx, cutKey{}, true))
	c.at, c.kind, c.leave, c.seen = at, kind, leave, nil
	return cuttable, func() []string {
		leave()
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.seen
	}
}

func (c *cutter) next(name string) cut {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = append(c.seen, name)
	if len(c.seen)-1 != c.at {
		return undisturbed
	}
	return c.kind
}

// point runs one point. Undo takes back what has run in SQLite and must be taken for not done.
func (c *cutter) point(name string, run, undo func() error) error {
	switch kind := c.next(name); {
	case kind == leaveBefore:
		c.leave()
		return run()
	case kind == leaveAfter:
		err := run()
		c.leave()
		return err
	case kind == loseRequest && c.way != nil:
		return c.through(process.LoseRequests, run)
	case kind == loseAnswer && c.way != nil:
		return c.through(process.LoseAnswers, run)
	case kind == loseRequest && name == pointCommit: // SQLite rolls back
		return errors.Join(errCut, undo())
	case kind == loseRequest:
		return errCut
	case kind == loseAnswer && name == pointCommit:
		return errors.Join(run(), errCut)
	case kind == loseAnswer:
		return errors.Join(run(), undo(), errCut)
	}
	return run()
}

// through runs a point while the way to PostgreSQL is disturbed.
func (c *cutter) through(mode process.Mode, run func() error) error {
	ctx := context.WithoutCancel(c.tb.Context())
	testkit.Must(c.tb, c.way.Set(ctx, mode))
	err := run()
	testkit.Must(c.tb, c.way.Set(ctx, process.Pass))
	return err
}

func (c *cutter) Tx(ctx context.Context) (dialect.Tx, error) {
	if ctx.Value(cutKey{}) == nil {
		return c.Driver.Tx(ctx)
	}
	var tx dialect.Tx
	err := c.point(pointBegin, func() (err error) {
		tx, err = c.Driver.Tx(ctx)
		return err
	}, func() error { return tx.Rollback() })
	if err != nil {
		return nil, err
	}
	return &cutTx{tx, c}, nil
}

type cutTx struct {
	dialect.Tx
	cutter *cutter
}

func nothing() error { return nil }

func (t *cutTx) Exec(ctx context.Context, query string, args, v any) error {
	return t.cutter.point(brief(query), func() error { return t.Tx.Exec(ctx, query, args, v) }, nothing)
}

func (t *cutTx) Query(ctx context.Context, query string, args, v any) error {
	return t.cutter.point(brief(query), func() error { return t.Tx.Query(ctx, query, args, v) }, func() error {
		rows, ok := v.(*entsql.Rows)
		if !ok || rows.ColumnScanner == nil {
			return nil
		}
		return rows.Close()
	})
}

func (t *cutTx) Commit() error { return t.cutter.point(pointCommit, t.Tx.Commit, t.Rollback) }

// brief is the beginning of a statement.
func brief(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(4, len(words))], " ")
}
