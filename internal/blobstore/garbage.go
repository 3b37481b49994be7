package blobstore

import (
	"context"
	"errors"
	"slices"
	"time"

	"docsquare/ent"
	"docsquare/ent/garbage"
	"docsquare/ent/schema"
	"docsquare/internal/store"
)

const (
	unkept  = 24 * time.Hour // for what is written, until something keeps it
	sweepUp = 1000           // objects of a sweep, or of a statement
)

// errGone means that an object was deleted as garbage before Keep was called for it.
var errGone = errors.New("bucket: the object was not kept for so long that it is gone")

func due(in time.Duration) time.Time { return schema.Now().Add(in) }

// Keep marks an object that Put wrote as used. Once the transaction is committed, the object is no longer garbage.
func Keep(ctx context.Context, tx *store.Tx, key string) error {
	n, err := tx.Garbage.Delete().Where(garbage.Key(key), garbage.Doomed(false)).Exec(ctx)
	if err == nil && n == 0 {
		return errGone
	}
	return err
}

// Drop marks objects as unused. Once the transaction is committed, they are garbage: Discard deletes them, or the next sweep.
func Drop(ctx context.Context, tx *store.Tx, keys ...string) error {
	for some := range slices.Chunk(keys, sweepUp) {
		rows := make([]*ent.GarbageCreate, len(some))
		for i, key := range some {
			rows[i] = tx.Garbage.Create().SetKey(key).SetDueAt(due(0)).SetDoomed(true)
		}
		if err := tx.Garbage.CreateBulk(rows...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Reject marks an object that Put wrote, and that nothing keeps, as unused: it is garbage now, instead of after a day.
func Reject(ctx context.Context, tx *store.Tx, key string) error {
	return tx.Garbage.Update().Where(garbage.Key(key)).SetDueAt(due(0)).SetDoomed(true).Exec(ctx)
}

// Discard deletes those of the objects that nothing keeps. It does nothing for an object that is kept, so call it also after a transaction
// of unknown outcome. What it fails to delete is left to the sweep.
func (b *Bucket) Discard(ctx context.Context, keys ...string) error {
	for some := range slices.Chunk(keys, sweepUp) {
		if err := b.store.DB.Garbage.Update().Where(garbage.KeyIn(some...), garbage.Doomed(false)).SetDueAt(due(0)).SetDoomed(true).Exec(ctx); err != nil {
			return err
		}
		doomed, err := b.store.DB.Garbage.Query().Where(garbage.KeyIn(some...), garbage.Doomed(true)).All(ctx)
		if err != nil {
			return err
		}
		if _, err := b.erase(ctx, doomed); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes the garbage that is due, and returns the number of objects. It may run in several processes at once, and
// be interrupted anywhere: first it is settled that nothing can keep an object any more, and its row goes last.
func (b *Bucket) Sweep(ctx context.Context) (int, error) {
	ids, err := b.store.DB.Garbage.Query().Where(garbage.DueAtLT(schema.Now()), garbage.Doomed(false)).Order(ent.Asc(garbage.FieldDueAt)).Limit(sweepUp).IDs(ctx)
	if err != nil {
		return 0, err
	}
	if err := b.store.DB.Garbage.Update().Where(garbage.IDIn(ids...), garbage.DueAtLT(schema.Now()), garbage.Doomed(false)).SetDoomed(true).Exec(ctx); err != nil {
		return 0, err
	}
	// Only what was due is doomed: the condition on due_at excludes none, and an index serves it.
	doomed, err := b.store.DB.Garbage.Query().Where(garbage.DueAtLT(schema.Now()), garbage.Doomed(true)).Order(ent.Asc(garbage.FieldDueAt)).Limit(sweepUp).All(ctx)
	if err != nil {
		return 0, err
	}
	return b.erase(ctx, doomed)
}

// erase deletes objects of which it is settled that nothing can keep them, and then their rows. It returns how many those were.
func (b *Bucket) erase(ctx context.Context, doomed []*ent.Garbage) (int, error) {
	swept := make([]int, 0, len(doomed))
	var failed error
	for _, g := range doomed {
		if err := b.objects.remove(ctx, g.Key); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		swept = append(swept, g.ID)
	}
	if len(swept) == 0 {
		return 0, failed
	}
	_, err := b.store.DB.Garbage.Delete().Where(garbage.IDIn(swept...)).Exec(ctx)
	return len(swept), errors.Join(failed, err)
}
