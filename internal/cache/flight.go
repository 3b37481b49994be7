package cache

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// flight is one key on its way from the far tier or the source. Others who want the key wait for it.
type flight[K comparable, V any] struct {
	key   K
	tags  []Tag
	holds []hold // captured before the first look, so the flight is worth waiting for while they are still

	done  chan struct{}
	entry *entry[V] // set before done is closed; nil where err is set
	err   error
}

// flights are the keys of one kind that are under way in this process.
type flights[K comparable, V any] struct {
	mu     sync.Mutex
	flying map[K]*flight[K, V]
}

func newFlights[K comparable, V any]() *flights[K, V] {
	return &flights[K, V]{flying: map[K]*flight[K, V]{}}
}

// board splits the wanted flights into those that begin now and those of others to wait for. A flight that began before
// a write to one of its tags takes nobody on board any more.
func (f *flights[K, V]) board(wanted []*flight[K, V]) (mine, others []*flight[K, V]) {
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
func (f *flights[K, V]) take(wanted []*flight[K, V]) []*flight[K, V] {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range wanted {
		f.flying[w.key] = w
	}
	return wanted
}

// land gives the flight's result to everyone who waits for it.
func (f *flights[K, V]) land(fl *flight[K, V], e *entry[V], err error) {
	f.mu.Lock()
	if f.flying[fl.key] == fl {
		delete(f.flying, fl.key)
	}
	f.mu.Unlock()
	fl.entry, fl.err = e, err
	close(fl.done)
}

func (fl *flight[K, V]) landed() bool {
	select {
	case <-fl.done:
		return true
	default:
		return false
	}
}

// depart prepares the flight of a key: what it rests on is captured before anything is read.
func (k *Kind[K, V]) depart(key K) *flight[K, V] {
	tags := append(k.tags(key), k.tag, Everything)
	return &flight[K, V]{key: key, tags: tags, holds: k.engine.cells.capture(tags), done: make(chan struct{})}
}

// mode says what a flight takes from the far tier.
type mode int

const (
	accept mode = iota // whatever counts
	renew              // nothing that is due: this is a refresh
	anew               // nothing: only the source is new enough
)

var errAbandoned = errors.New("cache: the load was abandoned")

// fly brings the flights home and adds their values to out. Every flight has landed when it returns, also after a panic.
func (k *Kind[K, V]) fly(ctx context.Context, mine []*flight[K, V], out map[K]V, load Load[K, V], m mode) (err error) {
	if len(mine) == 0 {
		return nil
	}
	defer func() {
		for _, fl := range mine {
			if !fl.landed() {
				k.flights.land(fl, nil, cmp.Or(err, errAbandoned))
			}
		}
	}()
	rest, stamps := k.fromFar(ctx, mine, out, load, m)
	if len(rest) == 0 {
		return nil
	}
	keys := make([]K, len(rest))
	for i, fl := range rest {
		keys[i] = fl.key
	}
	k.count(ctx, explain.Kind{Loads: len(keys)})
	participantOf(ctx).skip() // if Redis was not asked: no other participant waits for this load
	values, err := k.load(ctx, keys, load)
	if err != nil {
		return k.fallBack(ctx, rest, out, err)
	}
	k.fill(ctx, rest, stamps, values)
	deps, until := dependencies{}, time.Now().Add(k.Negative*9/10) // as soon as the first of them may be over
	for _, fl := range rest {
		deps.add(fl.holds, until)
		if v, ok := values[fl.key]; ok {
			out[fl.key] = v
		}
	}
	receiptOf(ctx).add(&deps)
	return nil
}

// load reads keys from their source.
func (k *Kind[K, V]) load(ctx context.Context, keys []K, load Load[K, V]) (values map[K]V, err error) {
	step, began := explain.From(ctx).Start(ctx, explain.Load, k.Name), time.Now()
	defer func() { step.End(len(keys), err) }()
	values, err = load(context.WithValue(step.Within(ctx), loadKey{}, true), keys)
	k.meter.loaded(time.Since(began), err)
	return values, err
}

// fallBack lands flights whose source has failed: with the last entry where the kind allows it, else with the error.
func (k *Kind[K, V]) fallBack(ctx context.Context, failed []*flight[K, V], out map[K]V, err error) error {
	s := k.newTierRead(ctx, 0)
	for _, fl := range failed {
		e, ok := k.near.last(fl.key, s.now)
		if k.Stale == 0 || !ok || ctx.Err() != nil {
			return err // the flights that are still in the air land with fly
		}
		s.count.Stale++
		k.flights.land(fl, e, nil)
		if !e.absent {
			out[fl.key] = e.value
		}
	}
	s.deps.untracked = true
	k.engine.log.WarnContext(ctx, "stale entries are served, for their source has failed", "kind", k.Name, "error", err)
	s.end()
	return nil
}

// join waits for the flights of others. Where one of them failed, perhaps only because its own request was given up, the
// key is fetched anew.
func (k *Kind[K, V]) join(ctx context.Context, others []*flight[K, V], out map[K]V, load Load[K, V]) error {
	if len(others) == 0 {
		return nil
	}
	participantOf(ctx).skip()
	var again []K
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
			again = append(again, fl.key)
			continue
		case !fl.entry.absent:
			out[fl.key] = fl.entry.value
		}
		deps.add(fl.entry.holds, fl.entry.expires)
		shared++
	}
	receiptOf(ctx).add(&deps)
	k.count(ctx, explain.Kind{Shared: shared})
	if len(again) == 0 {
		return nil
	}
	values, err := k.Fetch(ctx, again, load)
	maps.Copy(out, values)
	return err
}
