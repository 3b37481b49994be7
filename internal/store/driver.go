package store

import (
	"context"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/telemetry/record"
)

// split sends what reads to the readers of an SQLite database, and the rest, with every transaction, to its writer.
type split struct {
	dialect.Driver // the writer
	reader         dialect.Driver
}

// Query reads from the readers. An INSERT that returns what it wrote is a query too, and goes to the writer.
func (s split) Query(ctx context.Context, query string, args, v any) error {
	if strings.HasPrefix(query, "SELECT") || strings.HasPrefix(query, "WITH") {
		return s.reader.Query(ctx, query, args, v)
	}
	return s.Driver.Query(ctx, query, args, v)
}

// counting measures every statement, and notes it in the operation's record.
type counting struct {
	dialect.Driver
	meters meters
}

func (c counting) Query(ctx context.Context, query string, args, v any) error {
	return c.meters.counted(ctx, c.Driver.Query, query, args, v)
}

func (c counting) Exec(ctx context.Context, query string, args, v any) error {
	return c.meters.counted(ctx, c.Driver.Exec, query, args, v)
}

func (c counting) Tx(ctx context.Context) (dialect.Tx, error) {
	tx, err := c.Driver.Tx(ctx)
	if err != nil {
		return nil, err
	}
	return countingTx{tx, c.meters}, nil
}

type countingTx struct {
	dialect.Tx
	meters meters
}

func (c countingTx) Query(ctx context.Context, query string, args, v any) error {
	return c.meters.counted(ctx, c.Tx.Query, query, args, v)
}

func (c countingTx) Exec(ctx context.Context, query string, args, v any) error {
	return c.meters.counted(ctx, c.Tx.Exec, query, args, v)
}

func (m meters) counted(ctx context.Context, run func(ctx context.Context, query string, args, v any) error, query string, args, v any) error {
	if m.statement != nil {
		m.statement(ctx)
	}
	rec, began := record.From(ctx), time.Now()
	step := rec.Start(ctx, record.SQLText, query)
	err := run(ctx, query, args, v)
	m.note(query, time.Since(began), err)
	step.End(0, err)
	if rec == nil || err != nil {
		return err
	}
	switch result := v.(type) {
	case *entsql.Rows:
		result.ColumnScanner = &countingRows{ColumnScanner: result.ColumnScanner, step: step}
	case *entsql.Result:
		if *result != nil {
			if n, err := (*result).RowsAffected(); err == nil {
				step.Rows(int(n))
			}
		}
	}
	return nil
}

// countingRows notes how many rows are read.
type countingRows struct {
	entsql.ColumnScanner
	step record.Taking
	rows int
}

func (c *countingRows) Next() bool {
	if !c.ColumnScanner.Next() {
		return false
	}
	c.rows++
	return true
}

func (c *countingRows) Close() error {
	c.step.Rows(c.rows)
	c.rows = 0
	return c.ColumnScanner.Close()
}
