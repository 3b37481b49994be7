package store

import (
	"context"
	"os"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// Unknown is a size that is not known.
const Unknown = -1

// Size is what a database takes on its disk, in bytes. A part is Unknown if the account of DATABASE_URL may not see it.
type Size struct{ Database, WAL int64 }

// Size returns the size of the database. On PostgreSQL the write-ahead log is that of the server.
func (s *Store) Size(ctx context.Context) (Size, error) {
	if s.Dialect() == dialect.SQLite {
		return s.fileSizes(ctx)
	}
	size := Size{WAL: Unknown}
	rows, err := Select(ctx, s, `SELECT pg_database_size(current_database()), has_function_privilege('pg_ls_waldir()', 'execute')`, nil, func(rows *entsql.Rows) (visible bool, err error) {
		err = rows.Scan(&size.Database, &visible)
		return visible, err
	})
	if err != nil || !rows[0] {
		return size, err
	}
	wal, err := Select(ctx, s, "SELECT COALESCE(SUM(size), 0)::bigint FROM pg_ls_waldir()", nil, scanned[int64])
	if err == nil {
		size.WAL = wal[0]
	}
	return size, err
}

// fileSizes returns the sizes of the files of an SQLite database.
func (s *Store) fileSizes(ctx context.Context) (size Size, err error) {
	path, err := s.File(ctx)
	if err != nil {
		return size, err
	}
	for suffix, bytes := range map[string]*int64{"": &size.Database, "-wal": &size.WAL} {
		info, err := os.Stat(path + suffix)
		if err != nil && !os.IsNotExist(err) {
			return size, err
		}
		if err == nil {
			*bytes = info.Size()
		}
	}
	return size, nil
}

// File returns the path of the file of an SQLite database, empty on PostgreSQL.
func (s *Store) File(ctx context.Context) (string, error) {
	if s.Dialect() != dialect.SQLite {
		return "", nil
	}
	paths, err := Select(ctx, s, "SELECT file FROM pragma_database_list WHERE name = 'main'", nil, scanned[string])
	return strings.Join(paths, ""), err
}
