package cache

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"docsquare/internal/telemetry/explain"
)

// call is the load of one key from the far tier or the source. Other fetches of the key wait for it.
type call struct {
	boxed
	tags      []Tag
	snapshots []snapshot // captured before the first read; other fetches wait for the call only while they are current

	done  chan struct{}
	entry *entry // set before done is closed; nil if err is set
	err   error
}

// calls are the calls of one kind that are in flight in this process.
type calls struct {
	mu       sync.Mutex
	inFlight map[any]*call
}

func newCalls() *calls {
	return &calls{inFlight: map[any]*call{}}
}

// join splits calls into new ones and ones already in flight. A call in flight is not joined after a write to one of its tags.
func (f *calls) join(wanted []*call) (mine, others []*call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		if other := f.inFlight[w.key]; other != nil && allCurrent(other.snapshots) {
			others = append(others, other)
			continue
		}
		f.inFlight[w.key] = w
		mine = append(mine, w)
	}
	return mine, others
}

// start begins all calls, also those of keys that are already in flight.
func (f *calls) start(wanted []*call) []*call {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		f.inFlight[w.key] = w
	}
	return wanted
}

// finish sets the result of a call and wakes the fetches that wait for it.
func (f *calls) finish(c *call, e *entry, err error) {
	f.mu.Lock()
	if f.inFlight[c.key] == c {
		delete(f.inFlight, c.key)
	}
	f.mu.Unlock()
	c.entry, c.err = e, err
	close(c.done)
}

func (c *call) finished() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// newCall returns a call of a key. It captures the snapshots of the tags, so call it before anything is read.
func (f *family) newCall(key boxed) *call {
	tags := append(f.tags(key.key), f.tag, Everything)
	return &call{boxed: key, tags: tags, snapshots: f.engine.tags.capture(tags), done: make(chan struct{})}
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
		keys[i] = c.key
	}
	f.count(ctx, explain.Kind{Loads: len(keys)})
	participantOf(ctx).skip() // if the far tier was not read: no other participant waits for this load
	values, err := f.load(ctx, keys, to)
	if err != nil {
		return f.serveStale(ctx, rest, to, err)
	}
	f.fill(ctx, rest, stamps, values)
	deps, until := dependencies{}, time.Now().Add(f.Negative*9/10) // when the first of them may expire
	for _, c := range rest {
		deps.add(c.snapshots, until)
		if v, ok := values[c.key]; ok {
			to.found(c.key, v)
		}
	}
	readSetOf(ctx).add(f, &deps)
	return nil
}

// MaxKeys bounds the keys of one call of a Load, and so the statement that it makes of them. SQLite refuses statements with about a
// thousand conditions.
const MaxKeys = 500

// load loads keys from their source, MaxKeys at a time.
func (f *family) load(ctx context.Context, keys []any, to request) (values map[any]any, err error) {
	step, began := explain.From(ctx).Start(ctx, explain.Load, f.Name), time.Now()
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
	s := f.newTierRead(ctx, 0)
	for _, c := range failed {
		e, ok := f.near.last(c.boxed, s.now)
		if f.Stale == 0 || !ok || ctx.Err() != nil {
			return err // run finishes the other calls
		}
		s.count.Stale++
		f.calls.finish(c, e, nil)
		if !e.absent {
			to.found(c.key, e.value)
		}
	}
	s.deps.untracked = true
	f.engine.log.WarnContext(ctx, "load failed, serving stale entries", "kind", f.Name, "error", err)
	s.end()
	return nil
}

// wait waits for calls of other fetches. If a call has failed, wait fetches its key again: the failure may be the cancellation of the other
// request.
func (f *family) wait(ctx context.Context, others []*call, to request) error {
	if len(others) == 0 {
		return nil
	}
	participantOf(ctx).skip()
	var again []boxed
	var deps dependencies
	shared := 0
	for _, c := range others {
		select {
		case <-c.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case c.err != nil:
			again = append(again, c.boxed)
			continue
		case !c.entry.absent:
			to.found(c.key, c.entry.value)
		}
		deps.add(c.entry.snapshots, c.entry.expires)
		shared++
	}
	readSetOf(ctx).add(f, &deps)
	f.count(ctx, explain.Kind{Shared: shared})
	if len(again) == 0 {
		return nil
	}
	return f.fetch(ctx, again, to)
}
