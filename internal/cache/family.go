package cache

import (
	"context"
	"hash/maphash"
	"reflect"

	"docsquare/internal/telemetry/explain"
)

// family is a kind without type parameters: it does everything but a hit in the near tier. Keys are of the type keys, values of the
// type values.
type family struct {
	Spec
	engine *Engine
	prefix string // of its keys in the far tier: its name and version
	tag    Tag    // of all its entries
	keys   reflect.Type
	values reflect.Type
	hash   func(key any) uint64
	text   func(key any) string // the key in the far tier
	tags   func(key any) []Tag  // without tag and Everything
	seed   maphash.Seed         // of the hashes of its keys
	near   *near
	calls  *calls
	meter  *meter

	ofViewers bool // see AboutViewers
}

// boxed is a key with its hash.
type boxed struct {
	hash uint64
	key  any
}

// request is how one Fetch loads keys, and where it puts the values.
type request struct {
	load  func(ctx context.Context, keys []any) (map[any]any, error)
	found func(key, value any) // called by the goroutine of the call
}

// fetch is Kind.Fetch for keys that look has not answered.
func (f *family) fetch(ctx context.Context, keys []boxed, to request) error {
	if bypassed(ctx) {
		f.noteAll(ctx, keys)
		return f.run(ctx, f.calls.start(f.newCalls(keys)), to, skipCache)
	}
	misses := f.fromNear(ctx, keys, to)
	if len(misses) == 0 {
		return nil
	}
	mine, others := f.calls.join(misses)
	mine = f.fromNearAgain(ctx, mine, to)
	if err := f.run(ctx, mine, to, useCached); err != nil {
		return err
	}
	return f.wait(ctx, others, to)
}

// fromNear answers keys from the near tier and returns a call for each other key.
func (f *family) fromNear(ctx context.Context, keys []boxed, to request) []*call {
	s := f.serving(ctx, len(keys), to)
	var misses []*call
	for _, key := range keys {
		if s.requested(key.hash) {
			s.note(key)
		}
		if e, ok := f.near.get(key, s.now); ok {
			s.count.Near++
			s.serve(key, e)
		} else {
			misses = append(misses, f.newCall(key))
		}
	}
	s.end(ctx)
	return misses
}

// fromNearAgain answers keys that the call of another fetch has filled between fromNear and join.
func (f *family) fromNearAgain(ctx context.Context, mine []*call, to request) (rest []*call) {
	s := f.serving(ctx, len(mine), to)
	for _, c := range mine {
		e, ok := f.near.get(c.boxed, s.now)
		if !ok {
			rest = append(rest, c)
			continue
		}
		s.count.Near++
		f.calls.finish(c, e, nil)
		s.serve(c.boxed, e)
	}
	s.end(ctx)
	return rest
}

// newCalls returns a call for each key.
func (f *family) newCalls(keys []boxed) []*call {
	calls := make([]*call, len(keys))
	for i, key := range keys {
		calls[i] = f.newCall(key)
	}
	return calls
}

// noteAll notes the keys of an operation that bypasses the tiers.
func (f *family) noteAll(ctx context.Context, keys []boxed) {
	r := f.newTierRead(ctx, 0)
	for _, key := range keys {
		if r.requested(key.hash) {
			r.note(key)
		}
	}
}

// serving is a tierRead of fetch. It also passes the values on, and collects the keys to refresh and the entries for the observer.
type serving struct {
	tierRead
	to       request
	due      []boxed
	observed map[any]*entry
}

func (f *family) serving(ctx context.Context, n int, to request) serving {
	return serving{tierRead: f.newTierRead(ctx, n), to: to}
}

// serve answers a key from an entry of either tier.
func (s *serving) serve(key boxed, e *entry) {
	s.served(e)
	if !e.absent {
		s.to.found(key.key, e.value)
	}
	if e.due(s.now) {
		s.due = append(s.due, key)
	}
	if s.family.observed(e) {
		if s.observed == nil {
			s.observed = map[any]*entry{}
		}
		s.observed[key.key] = e
	}
}

// end ends the read, starts the refreshes, and passes entries to the observer.
func (s *serving) end(ctx context.Context) {
	s.tierRead.end()
	if len(s.due) > 0 {
		s.family.refresh(ctx, s.due, s.to)
	}
	for key, e := range s.observed {
		s.family.engine.observer.Served(ctx, Served{Kind: s.family.view(), Key: key, entry: e, load: s.to.load})
	}
}

// refresh loads keys again in the background, each at most once at a time.
func (f *family) refresh(ctx context.Context, keys []boxed, to request) {
	mine, _ := f.calls.join(f.newCalls(keys))
	if len(mine) == 0 {
		return
	}
	to.found = func(any, any) {}
	f.engine.Background(ctx, func(ctx context.Context) {
		if err := f.run(ctx, mine, to, skipExpiring); err != nil {
			f.engine.log.WarnContext(ctx, "refresh failed", "kind", f.Name, "error", err)
		}
	})
}

// count counts for the kind, and for the operation of the context.
func (f *family) count(ctx context.Context, c explain.Kind) {
	f.countFor(explain.From(ctx), readSetOf(ctx), c)
}

// countFor counts for the kind, and for the operation's record and read set, which may be nil.
func (f *family) countFor(record *explain.Record, readSet *ReadSet, c explain.Kind) {
	if c == (explain.Kind{}) {
		return
	}
	f.meter.count(c)
	record.Kind(f.Name, c)
	readSet.count(c)
}
