package cache

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"reflect"
	"slices"
	"time"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/readset"
	"docsquare/internal/telemetry/record"
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
	near   *near.Table[entry]
	calls  *calls
	meter  *meter

	ofViewers bool // see AboutViewers
}

// request is how one Fetch loads keys, and where it puts the values.
type request struct {
	load  func(ctx context.Context, keys []any) (map[any]any, error)
	found func(key, value any) // called by the goroutine of the call
}

// fetch is Kind.Fetch for keys that look has not answered.
func (f *family) fetch(ctx context.Context, keys []near.Key, to request) error {
	if rec := record.From(ctx); rec.Full() {
		for _, key := range keys {
			rec.Tagged(f.tags(key.Value)...)
		}
	}
	calls := f.newCalls(keys)
	if bypassed(ctx) {
		return f.run(ctx, f.calls.start(calls), to, skipCache)
	}
	mine, others := f.calls.join(f.fromNear(ctx, calls, to))
	mine = f.fromNear(ctx, mine, to) // what other fetches have filled before join
	if err := f.run(ctx, mine, to, useCached); err != nil {
		return err
	}
	return f.wait(ctx, others, to)
}

// fromNear finishes the calls that the near tier can answer, and returns the others.
func (f *family) fromNear(ctx context.Context, calls []*call, to request) (rest []*call) {
	if len(calls) == 0 {
		return nil
	}
	s := f.serving(ctx, len(calls), to)
	for _, c := range calls {
		if slot := f.near.Find(c.key); slot != nil && slot.Entry.valid(s.now) {
			s.hit(slot)
			s.serve(c, &slot.Entry)
		} else {
			rest = append(rest, c)
		}
	}
	s.end(ctx)
	return rest
}

// refresh loads keys again in the background, each at most once at a time.
func (f *family) refresh(ctx context.Context, keys []near.Key, to request) {
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

// mode is which entries of the far tier a call uses.
type mode int

const (
	useCached    mode = iota // every valid entry
	skipExpiring             // no entry that is due for a refresh
	skipCache                // none: only the source is new enough
)

var errAbandoned = errors.New("cache: load abandoned")

// run completes calls and passes their values on. Every call is finished when run returns, also after a panic.
func (f *family) run(ctx context.Context, mine []*call, to request, m mode) (err error) {
	if len(mine) == 0 {
		return nil
	}
	defer func() {
		for _, c := range mine {
			if !c.finished() {
				f.calls.finish(c, nil, cmp.Or(err, errAbandoned))
			}
		}
	}()
	rest, stamps := f.fromFar(ctx, mine, to, m)
	if len(rest) == 0 {
		return nil
	}
	keys := make([]any, len(rest))
	for i, c := range rest {
		keys[i] = c.key.Value
	}
	f.count(record.From(ctx), readSetOf(ctx), record.Kind{Loads: len(keys)})
	Leave(ctx) // if the far tier was not read: no other participant waits for this load
	values, err := f.load(ctx, keys, to)
	if err != nil {
		return f.serveStale(ctx, rest, to, err)
	}
	f.fill(ctx, rest, stamps, values)
	deps, until := readset.Dependencies{}, time.Now().Add(f.Negative*9/10) // when the first of them may expire
	for _, c := range rest {
		deps.Add(c.slot.Entry.snapshots, until)
		if v, ok := values[c.key.Value]; ok {
			to.found(c.key.Value, v)
		}
	}
	readSetOf(ctx).Add(&deps, f.ofViewers)
	return nil
}

// MaxKeys bounds the keys of one call of a Load, and so the statement that it makes of them. SQLite refuses statements with about a
// thousand conditions.
const MaxKeys = 500

// load loads keys from their source, MaxKeys at a time.
func (f *family) load(ctx context.Context, keys []any, to request) (values map[any]any, err error) {
	step, began := record.From(ctx).Start(ctx, record.Load, f.Name), time.Now()
	defer func() { step.End(len(keys), err) }()
	ctx = withScope(step.Within(ctx), func(s *Scope) { s.loading = true })
	for part := range slices.Chunk(keys, MaxKeys) {
		loaded, failed := to.load(ctx, part)
		if failed != nil {
			values, err = nil, failed
			break
		}
		if values == nil {
			values = loaded
		} else {
			maps.Copy(values, loaded)
		}
	}
	f.meter.loaded(time.Since(began), err)
	return values, err
}

// serveStale completes calls whose load failed: with the last entry if the kind has Stale > 0, otherwise with the error.
func (f *family) serveStale(ctx context.Context, failed []*call, to request, err error) error {
	p := f.newPass(ctx, 0)
	for _, c := range failed {
		last := f.near.Find(c.key)
		if f.Stale == 0 || last == nil || last.Entry.over(p.now) || ctx.Err() != nil {
			return err // run finishes the other calls
		}
		p.count.Stale++
		f.calls.finish(c, &last.Entry, nil)
		if !last.Entry.absent {
			to.found(c.key.Value, last.Entry.value)
		}
	}
	p.deps.AddUntracked()
	f.engine.log.WarnContext(ctx, "load failed, serving stale entries", "kind", f.Name, "error", err)
	p.end()
	return nil
}

// wait waits for calls of other fetches. If a call has failed, wait fetches its key again: the failure may be the cancellation of the other
// request.
func (f *family) wait(ctx context.Context, others []*call, to request) error {
	if len(others) == 0 {
		return nil
	}
	Leave(ctx)
	var again []near.Key
	var deps readset.Dependencies
	shared := 0
	for _, c := range others {
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case c.err != nil:
			again = append(again, c.key)
			continue
		case !c.entry.absent:
			to.found(c.key.Value, c.entry.value)
		}
		deps.Add(c.entry.snapshots, c.entry.expires)
		shared++
	}
	readSetOf(ctx).Add(&deps, f.ofViewers)
	f.count(record.From(ctx), readSetOf(ctx), record.Kind{Shared: shared})
	if len(again) == 0 {
		return nil
	}
	return f.fetch(ctx, again, to)
}
