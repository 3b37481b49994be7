package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"
)

// truth is how the database is asked for the value of a register: first a row is held that every write to the register
// holds too, so that whatever is under way has ended, then the value is read. SQLite has one writer, which is held instead.
type truth struct {
	of         string // for people
	hold, read string
	arg        any
}

const (
	holdDocument = `SELECT 1 FROM documents WHERE id = $1 FOR UPDATE`
	holdUser     = `SELECT 1 FROM users WHERE id = $1 FOR UPDATE`

	selectTitle   = `SELECT title FROM documents WHERE id = $1`
	countComments = `SELECT CAST(count(*) AS text) FROM comments WHERE document_id = $1`
	selectLast    = `SELECT coalesce((SELECT body FROM comments WHERE document_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1), '')`
	countLikes    = `SELECT CAST(count(*) AS text) FROM likes WHERE document_id = $1`
	selectLiked   = `SELECT CASE count(*) WHEN 0 THEN 'false' ELSE 'true' END FROM likes WHERE document_id = $1`
)

func documentTruth(of string, id uuid.UUID, read string) truth {
	return truth{of: of, hold: holdDocument, read: read, arg: id}
}

func accountTruth(of string, id uuid.UUID, column string) truth {
	return truth{of: of, hold: holdUser, read: `SELECT ` + column + ` FROM users WHERE id = $1`, arg: id}
}

func documentsTruth(of string, id uuid.UUID) truth {
	return truth{of: of, hold: holdUser, read: `SELECT CAST(count(*) AS text) FROM documents WHERE author_id = $1`, arg: id}
}

func sessionTruth(of string, hash []byte) truth {
	return truth{
		of: of, arg: hash, hold: `SELECT 1 FROM session_secrets WHERE token_hash = $1 FOR UPDATE`,
		read: `SELECT CASE count(*) WHEN 0 THEN '` + ended + `' ELSE '` + open + `' END FROM session_secrets WHERE token_hash = $1`,
	}
}

// database is the one of the servers, past all of them.
type database struct {
	*sql.DB
	sqlite bool // its transactions are immediate
}

// value is what the database has, after every write under way.
func (t truth) value(ctx context.Context, db database) (value string, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	if !db.sqlite {
		if _, err := tx.ExecContext(ctx, t.hold, t.arg); err != nil {
			return "", err
		}
	}
	err = tx.QueryRowContext(ctx, t.read, t.arg).Scan(&value)
	return value, err
}

// resolve settles a write whose outcome is unknown: it is in the database, or it is not and never will be. sound is false if
// the database holds neither what was written last nor what was before.
func (c *checked) resolve(ctx context.Context, db database, before, written string) (committed, sound bool, err error) {
	value, err := c.truth.value(ctx, db)
	switch {
	case err != nil:
		return false, false, err
	case value == written:
		c.acknowledge(unattributed, time.Now())
		return true, true, nil
	}
	c.withdraw()
	return false, value == before, nil
}
