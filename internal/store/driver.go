package store

import (
	"context"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/explain"
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

// counting notes every statement in the operation's record.
type counting struct{ dialect.Driver }

func (c counting) Query(ctx context.Context, query string, args, v any) error {
	return counted(ctx, c.Driver.Query, query, args, v)
}

func (c counting) Exec(ctx context.Context, query string, args, v any) error {
	return counted(ctx, c.Driver.Exec, query, args, v)
}

func (c counting) Tx(ctx context.Context) (dialect.Tx, error) {
	tx, err := c.Driver.Tx(ctx)
	if err != nil {
		return nil, err
	}
	return countingTx{tx}, nil
}

type countingTx struct{ dialect.Tx }

func (c countingTx) Query(ctx context.Context, query string, args, v any) error {
	return counted(ctx, c.Tx.Query, query, args, v)
}

func (c countingTx) Exec(ctx context.Context, query string, args, v any) error {
	return counted(ctx, c.Tx.Exec, query, args, v)
}

func counted(ctx context.Context, run func(ctx context.Context, query string, args, v any) error, query string, args, v any) error {
	record := explain.From(ctx)
	if record == nil {
		return run(ctx, query, args, v)
	}
	started := time.Now()
	err := run(ctx, query, args, v)
	record.Statement(query, time.Since(started))
	switch result := v.(type) {
	case *entsql.Rows:
		if err == nil {
			result.ColumnScanner = &countingRows{ColumnScanner: result.ColumnScanner, record: record, query: query}
		}
	case *entsql.Result:
		if err == nil && *result != nil {
			if n, err := (*result).RowsAffected(); err == nil {
				record.Rows(query, int(n))
			}
		}
	}
	return err
}

// countingRows notes how many rows are read.
type countingRows struct {
	entsql.ColumnScanner
	record *explain.Record
	query  string
	rows   int
}

func (c *countingRows) Next() bool {
	if !c.ColumnScanner.Next() {
		return false
	}
	c.rows++
	return true
}

func (c *countingRows) Close() error {
	c.record.Rows(c.query, c.rows)
	c.rows = 0
	return c.ColumnScanner.Close()
}
