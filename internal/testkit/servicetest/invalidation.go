package servicetest

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
)

// checkInvalidations fails a test in which a transaction changes an entity without an invalidation of its entries in the cache: for
// every entity that ent has created, updated or deleted, each tag of kinds.Touched must be replaced after the commit, except for what
// no reader can know yet. Rows that the
// database deletes with another one are checked by TestDeletionReachesEverything.
func checkInvalidations(tb testing.TB, s *store.Store, c *kinds.Cache) {
	tb.Helper()
	i := &invalidations{cache: c}
	s.DB.Use(i.hook)
	tb.Cleanup(func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		for _, e := range i.expected {
			if e.stop(); e.committed.Load() && !e.invalidated.Load() {
				tb.Errorf("ent.%s was changed (%s) without an invalidation of %s: pass it to Tx.Invalidate in the same transaction", e.entity, e.op, e.tag)
			}
		}
	})
}

// unannounced is the key of a context whose writes need no invalidation.
type unannounced struct{}

// PastServices returns a context for writes of a test that no service makes, before anything was read: they need no invalidation.
func PastServices(ctx context.Context) context.Context {
	return context.WithValue(ctx, unannounced{}, true)
}

// invalidations collects which tags are to be replaced.
type invalidations struct {
	cache    *kinds.Cache
	mu       sync.Mutex
	expected []*expectation
}

// expectation is a tag to be replaced after the commit of a transaction.
type expectation struct {
	entity, op             string
	tag                    cache.Tag
	committed, invalidated atomic.Bool
	stop                   func() // ends the watch
}

// change is what each mutation of ent has.
type change interface {
	ent.Mutation
	Client() *ent.Client
	Tx() (*ent.Tx, error)
}

func (i *invalidations) hook(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		c, ok := m.(change)
		if !ok {
			return next.Mutate(ctx, m)
		}
		tx, err := c.Tx()
		if err != nil || ctx.Value(unannounced{}) != nil { // a test writes past the services
			return next.Mutate(ctx, m)
		}
		var entities []any
		many := m.Op().Is(ent.OpUpdate | ent.OpDelete | ent.OpDeleteOne)
		ids := reflect.Value{}
		if many {
			if ids, err = idsOf(ctx, c); err != nil {
				return nil, err
			}
		}
		if m.Op().Is(ent.OpDelete | ent.OpDeleteOne) {
			entities = rows(ctx, c, ids)
		}
		v, err := next.Mutate(ctx, m)
		if err != nil {
			return v, err
		}
		switch {
		case m.Op().Is(ent.OpUpdate):
			entities = rows(ctx, c, ids)
		case !many:
			entities = []any{v}
		}
		i.expect(tx, m, entities)
		return v, nil
	})
}

// idsOf returns the IDs that a mutation matches. The statement is not recorded.
func idsOf(ctx context.Context, m change) (ids reflect.Value, err error) {
	out := reflect.ValueOf(m).MethodByName("IDs").Call([]reflect.Value{reflect.ValueOf(record.Without(ctx))})
	err, _ = reflect.TypeAssert[error](out[1])
	return out[0], err
}

// rows returns the entities of a mutation's type with these IDs, without those that are gone.
func rows(ctx context.Context, m change, ids reflect.Value) (all []any) {
	get := reflect.ValueOf(m.Client()).Elem().FieldByName(m.Type()).MethodByName("Get")
	for n := range ids.Len() {
		if out := get.Call([]reflect.Value{reflect.ValueOf(record.Without(ctx)), ids.Index(n)}); out[1].IsNil() {
			all = append(all, out[0].Interface())
		}
	}
	return all
}

// expect watches the tags of entities, from the commit on.
func (i *invalidations) expect(tx *ent.Tx, m ent.Mutation, entities []any) {
	var mine []*expectation
	for _, entity := range entities {
		for _, tag := range kinds.Touched(entity) {
			if m.Op().Is(ent.OpCreate) && unknown(entity, tag) {
				continue
			}
			e := &expectation{entity: m.Type(), op: m.Op().String(), tag: tag}
			e.stop = i.cache.Watch(tag, func(bool) { e.invalidated.CompareAndSwap(false, e.committed.Load()) })
			mine = append(mine, e)
		}
	}
	if len(mine) == 0 {
		return
	}
	i.mu.Lock()
	i.expected = append(i.expected, mine...)
	i.mu.Unlock()
	tx.OnCommit(func(next ent.Committer) ent.Committer {
		return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error {
			err := next.Commit(ctx, tx)
			for _, e := range mine {
				e.committed.Store(err == nil)
			}
			return err
		})
	})
}

// unknown reports whether no reader can know yet what a tag of a new entity names: its own ID, the statistics of a new document, or a
// category or tag that no public document has.
func unknown(entity any, tag cache.Tag) bool {
	switch entity.(type) {
	case *ent.DocumentStats, *ent.Category, *ent.Tag:
		return true
	}
	id := reflect.ValueOf(entity).Elem().FieldByName("ID").Interface()
	return strings.HasSuffix(tag, ":"+fmt.Sprint(id))
}

// Rows returns all rows of an entity's table by their IDs, as JSON prints those.
func Rows(tb testing.TB, client *ent.Client, entity string) map[string]any {
	tb.Helper()
	field := reflect.ValueOf(client).Elem().FieldByName(entity)
	query := field.MethodByName("Query").Call(nil)[0]
	out := query.MethodByName("All").Call([]reflect.Value{reflect.ValueOf(tb.Context())})
	err, _ := reflect.TypeAssert[error](out[1])
	testkit.Must(tb, err)
	all := map[string]any{}
	for n := range out[0].Len() {
		row := out[0].Index(n)
		all[fmt.Sprint(row.Elem().FieldByName("ID").Interface())] = row.Interface()
	}
	return all
}
