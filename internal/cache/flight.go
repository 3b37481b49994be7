package cache

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// flight is one key on its way from the far tier or the source. Others who want the key wait for it.
type flight struct {
	boxed
	tags  []Tag
	holds []hold // captured before the first look, so the flight is worth waiting for while they are still

	done  chan struct{}
	entry *entry // set before done is closed; nil where err is set
	err   error
}

// flights are the keys of one kind that are under way in this process.
type flights struct {
	mu     sync.Mutex
	flying map[any]*flight
}

func newFlights() *flights {
	return &flights{flying: map[any]*flight{}}
}

// board splits the wanted flights into those that begin now and those of others to wait for. A flight that began before
// a write to one of its tags takes nobody on board any more.
func (f *flights) board(wanted []*flight) (mine, others []*flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		if other := f.flying[w.key]; other != nil && allStill(other.holds) {
			others = append(others, other)
			continue
		}
		f.flying[w.key] = w
		mine = append(mine, w)
	}
	return mine, others
}

// take has all of the wanted flights begin now, whoever else is under way to the same keys.
func (f *flights) take(wanted []*flight) []*flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		f.flying[w.key] = w
	}
	return wanted
}

// land gives the flight's result to everyone who waits for it.
func (f *flights) land(fl *flight, e *entry, err error) {
	f.mu.Lock()
	if f.flying[fl.key] == fl {
		delete(f.flying, fl.key)
	}
	f.mu.Unlock()
	fl.entry, fl.err = e, err
	close(fl.done)
}

func (fl *flight) landed() bool {
	select {
	case <-fl.done:
		return true
	default:
		return false
	}
}

// depart prepares the flight of a key: what it rests on is captured before anything is read.
func (f *family) depart(key boxed) *flight {
	tags := append(f.tags(key.key), f.tag, Everything)
	return &flight{boxed: key, tags: tags, holds: f.engine.tags.capture(tags), done: make(chan struct{})}
}

// mode says what a flight takes from the far tier.
type mode int

const (
	accept     mode = iota // every valid entry
	renew                  // no entry that is due: this is a refresh
	fromSource             // nothing: only the source is new enough
)

var errAbandoned = errors.New("cache: the load was abandoned")

// fly brings the flights home and passes their values on. Every flight has landed when it returns, also after a panic.
func (f *family) fly(ctx context.Context, mine []*flight, to request, m mode) (err error) {
	if len(mine) == 0 {
		return nil
	}
	defer func() {
		for _, fl := range mine {
			if !fl.landed() {
				f.flights.land(fl, nil, cmp.Or(err, errAbandoned))
			}
		}
	}()
	rest, stamps := f.fromFar(ctx, mine, to, m)
	if len(rest) == 0 {
		return nil
	}
	keys := make([]any, len(rest))
	for i, fl := range rest {
		keys[i] = fl.key
	}
	f.count(ctx, explain.Kind{Loads: len(keys)})
	participantOf(ctx).skip() // if Redis was not asked: no other participant waits for this load
	values, err := f.load(ctx, keys, to)
	if err != nil {
		return f.fallBack(ctx, rest, to, err)
	}
	f.fill(ctx, rest, stamps, values)
	deps, until := dependencies{}, time.Now().Add(f.Negative*9/10) // as soon as the first of them may be over
	for _, fl := range rest {
		deps.add(fl.holds, until)
		if v, ok := values[fl.key]; ok {
			to.found(fl.key, v)
		}
	}
	receiptOf(ctx).add(f, &deps)
	return nil
}

// load reads keys from their source.
func (f *family) load(ctx context.Context, keys []any, to request) (values map[any]any, err error) {
	step, began := explain.From(ctx).Start(ctx, explain.Load, f.Name), time.Now()
	defer func() { step.End(len(keys), err) }()
	values, err = to.load(context.WithValue(step.Within(ctx), loadKey{}, true), keys)
	f.meter.loaded(time.Since(began), err)
	return values, err
}

// fallBack lands flights whose source has failed: with the last entry where the kind allows it, else with the error.
func (f *family) fallBack(ctx context.Context, failed []*flight, to request, err error) error {
	s := f.newTierRead(ctx, 0)
	for _, fl := range failed {
		e, ok := f.near.last(fl.boxed, s.now)
		if f.Stale == 0 || !ok || ctx.Err() != nil {
			return err // the flights that are still in the air land with fly
		}
		s.count.Stale++
		f.flights.land(fl, e, nil)
		if !e.absent {
			to.found(fl.key, e.value)
		}
	}
	s.deps.untracked = true
	f.engine.log.WarnContext(ctx, "stale entries are served, for their source has failed", "kind", f.Name, "error", err)
	s.end()
	return nil
}

// join waits for the flights of others. Where one of them failed, perhaps only because its own request was given up, the
// key is fetched again.
func (f *family) join(ctx context.Context, others []*flight, to request) error {
	if len(others) == 0 {
		return nil
	}
	participantOf(ctx).skip()
	var again []boxed
	var deps dependencies
	shared := 0
	for _, fl := range others {
		select {
		case <-fl.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		switch {
		case fl.err != nil:
			again = append(again, fl.boxed)
			continue
		case !fl.entry.absent:
			to.found(fl.key, fl.entry.value)
		}
		deps.add(fl.entry.holds, fl.entry.expires)
		shared++
	}
	receiptOf(ctx).add(f, &deps)
	f.count(ctx, explain.Kind{Shared: shared})
	if len(again) == 0 {
		return nil
	}
	return f.fetch(ctx, again, to)
}
