// Package idempotency makes it safe to repeat a mutation: an account sends a key with it, and while the key is known, the same key
// with the same input answers the object that was created first. The key is written in the transaction that creates the object, so
// repetitions that run at the same time create one object.
package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/idempotencykey"
	"docsquare/ent/schema"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Lifetime is how long a key is known.
const Lifetime = 24 * time.Hour

const maxKey = 128 // characters

// field is the input field that has the key.
const field = "clientMutationId"

// Key is a key of an account for one input. A nil Key is that of a mutation without a key: it is never known.
type Key struct {
	account uuid.UUID
	text    string
	hash    [sha256.Size]byte // of the mutation and its input
}

// New returns the key that the viewer has sent with a mutation, nil if text is nil. The input is everything that decides what the mutation
// does; it is encoded as JSON. An error is UNAUTHENTICATED for a guest, or BAD_USER_INPUT for a bad key.
func New(v viewer.Viewer, text *string, mutation string, input ...any) (*Key, error) {
	if text == nil {
		return nil, nil //nolint:nilnil // a mutation without a key
	}
	account, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	if n := utf8.RuneCountInString(*text); n < 1 || n > maxKey || bytes.ContainsFunc([]byte(*text), unicode.IsControl) {
		return nil, errs.BadInput(field, "a key has 1 to %d characters, without line breaks: send a new random one, such as a UUID, with each new request", maxKey)
	}
	raw, err := json.Marshal(append([]any{mutation}, input...))
	if err != nil {
		return nil, err
	}
	return &Key{account: account, text: *text, hash: sha256.Sum256(raw)}, nil
}

// errKnown means that another transaction has written the key.
var errKnown = errors.New("idempotency: the key is known")

// Do returns the object that was created for a key. If the key is not known, it calls create, whose transaction calls Keep. Known reports
// whether the object was created before. An error is CONFLICT if the key was sent with another input.
func Do(ctx context.Context, s *store.Store, k *Key, create func() (uuid.UUID, error)) (id uuid.UUID, known bool, err error) {
	if k == nil {
		id, err = create()
		return id, false, err
	}
	if id, known, err = k.find(ctx, s.DB); err != nil || known {
		return id, known, err
	}
	if id, err = create(); !errors.Is(err, errKnown) {
		return id, false, err
	}
	id, known, err = k.find(ctx, s.DB)
	if err == nil && !known { // it was forgotten, or has expired, in this moment
		err = errs.New(errs.Conflict, "another request with this key has just ended: send this one again")
	}
	return id, known, err
}

// find returns the object of a key, and false if the key is not known.
func (k *Key) find(ctx context.Context, db *ent.Client) (uuid.UUID, bool, error) {
	row, err := db.IdempotencyKey.Query().
		Where(idempotencykey.UserID(k.account), idempotencykey.Key(k.text), idempotencykey.CreatedAtGTE(expired())).Only(ctx)
	if ent.IsNotFound(err) {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, err
	}
	if !bytes.Equal(row.InputHash, k.hash[:]) {
		e := errs.New(errs.Conflict, "this key was sent with another input before: send a new key with a new request, and the same one only to repeat a request")
		e.Field = field
		return uuid.Nil, false, e
	}
	return row.Result, true, nil
}

// Keep writes that an object was created for a key. It does nothing without a key. The transaction must return its error.
func (k *Key) Keep(ctx context.Context, tx *store.Tx, result uuid.UUID) error {
	if k == nil {
		return nil
	}
	_, err := tx.IdempotencyKey.Delete().
		Where(idempotencykey.UserID(k.account), idempotencykey.Key(k.text), idempotencykey.CreatedAtLT(expired())).Exec(ctx)
	if err != nil {
		return err
	}
	err = tx.IdempotencyKey.Create().SetUserID(k.account).SetKey(k.text).SetInputHash(k.hash[:]).SetResult(result).Exec(ctx)
	if ent.IsConstraintError(err) {
		return errKnown
	}
	return err
}

// Forget deletes a key whose object was not created after all.
func (k *Key) Forget(ctx context.Context, s *store.Store, result uuid.UUID) error {
	if k == nil {
		return nil
	}
	_, err := s.DB.IdempotencyKey.Delete().
		Where(idempotencykey.UserID(k.account), idempotencykey.Key(k.text), idempotencykey.Result(result)).Exec(ctx)
	return err
}

// Deleted returns the error for a key whose object was deleted since.
func Deleted(what string) error {
	e := errs.New(errs.NotFound, "the %s that this key has created was deleted: send a new key to create another one", what)
	e.Field = field
	return e
}

// portion is how many rows one statement of Expire deletes.
const portion = 500

// Expire deletes keys that have expired, in portions. It returns how many those were.
func Expire(ctx context.Context, s *store.Store) (int, error) {
	for all := 0; ; {
		ids, err := s.DB.IdempotencyKey.Query().Where(idempotencykey.CreatedAtLT(expired())).Order(ent.Asc(idempotencykey.FieldCreatedAt)).Limit(portion).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return all, err
		}
		n, err := s.DB.IdempotencyKey.Delete().Where(idempotencykey.IDIn(ids...)).Exec(ctx)
		if all += n; err != nil || len(ids) < portion {
			return all, err
		}
	}
}

func expired() time.Time { return schema.Now().Add(-Lifetime) }
