package store

import (
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// lockable is a query of ent's.
type lockable[Q any] interface {
	ForUpdate(options ...entsql.LockOption) Q
}

// ForUpdate locks the rows that a query finds against other writers until the transaction ends. SQLite has one writer anyway. On PostgreSQL,
// who writes rows that refer to these does not wait: two writers of rows with the same author, say, would otherwise wait for each other.
func ForUpdate[Q lockable[Q]](tx *Tx, q Q) Q {
	return locked(tx, q, RowLock())
}

// RowLock is the lock of ForUpdate on PostgreSQL.
func RowLock() entsql.LockOption { return entsql.WithLockClause("FOR NO KEY UPDATE") }

// ForDeletion is ForUpdate for rows that are about to be deleted: who writes rows that refer to them waits, and then does not find them.
func ForDeletion[Q lockable[Q]](tx *Tx, q Q) Q { return locked(tx, q) }

func locked[Q lockable[Q]](tx *Tx, q Q, how ...entsql.LockOption) Q {
	if tx.Dialect() == dialect.Postgres {
		return q.ForUpdate(how...)
	}
	return q
}
