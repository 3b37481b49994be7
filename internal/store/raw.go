package store

import (
	"context"
	"database/sql"
	"fmt"

	entsql "entgo.io/ent/dialect/sql"
)

// Select is the rows of a statement that reads, each as scan makes it: for what ent has no words for.
func Select[T any](ctx context.Context, s *Store, statement string, args []any, scan func(rows *entsql.Rows) (T, error)) ([]T, error) {
	var list []T
	err := s.each(ctx, statement, args, func(rows *entsql.Rows) error {
		v, err := scan(rows)
		list = append(list, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// each calls f for each row of a statement that reads, until one fails.
func (s *Store) each(ctx context.Context, statement string, args []any, f func(rows *entsql.Rows) error) error {
	var rows entsql.Rows
	if args == nil {
		args = []any{}
	}
	if err := s.driver.Query(ctx, statement, args, &rows); err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below returns a failed read
	for rows.Next() {
		if err := f(&rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// ExecContext runs a statement of a transaction: ent's ExecContext asks for it.
func (c countingTx) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	var result entsql.Result
	if args == nil {
		args = []any{}
	}
	err := c.Exec(ctx, statement, args, &result)
	return result, err
}

// QueryContext reads within a transaction: ent's QueryContext asks for it.
func (c countingTx) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	var read entsql.Rows
	if args == nil {
		args = []any{}
	}
	if err := c.Query(ctx, statement, args, &read); err != nil {
		return nil, err
	}
	rows, ok := read.ColumnScanner.(*sql.Rows)
	if !ok {
		return nil, fmt.Errorf("store: rows of the type %T", read.ColumnScanner)
	}
	return rows, nil
}
