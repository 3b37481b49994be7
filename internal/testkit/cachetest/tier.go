package cachetest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/cache"
	"docsquare/internal/cache/tags"
	"docsquare/internal/telemetry/record"
)

// Tier is a cache.Far in a Memory: the far tier of one engine. It writes fills at once. A Replace ends after all other tiers have
// heard of it, so tests need not wait. Run recovers as the tier in Redis does: outbox, a new generation of everything, changes.
type Tier struct {
	memory   *Memory
	receiver cache.Receiver
	restored chan struct{} // has one element after Restore

	mu        sync.Mutex
	following bool
	cut       bool  // calls fail
	behind    bool  // changes of others wait
	position  int   // in the changes
	hold      *Gate // of the next Replace
}

var _ cache.Far = (*Tier)(nil)

var errCut = errors.New("cachetest: the far tier is cut off")

// Tier returns a tier for one engine.
func (m *Memory) Tier() *Tier {
	t := &Tier{memory: m, restored: make(chan struct{}, 1)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tiers = append(m.tiers, t)
	return t
}

// Cut makes all calls fail, and the engine stops using the tier.
func (t *Tier) Cut() {
	t.set(func() { t.cut, t.following = true, false })
	t.receiver.Degrade()
}

// Restore ends Cut. The tier recovers in the background.
func (t *Tier) Restore() {
	t.set(func() { t.cut = false })
	select {
	case t.restored <- struct{}{}:
	default:
	}
}

// FallBehind keeps changes of other engines from this one until CatchUp. The engine does not notice.
func (t *Tier) FallBehind() { t.set(func() { t.behind = true }) }

// CatchUp ends FallBehind.
func (t *Tier) CatchUp() {
	t.set(func() { t.behind = false })
	t.hear()
}

// Stop makes the next Replace wait at the gate before it changes anything.
func (t *Tier) Stop(g Gate) { t.set(func() { t.hold = &g }) }

func (t *Tier) set(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change()
}

// usable returns an error if calls are to fail.
func (t *Tier) usable() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut || !t.receiver.Available() {
		return errCut
	}
	return nil
}

// Bind implements cache.Far, as do the methods below.
func (t *Tier) Bind(r cache.Receiver) { t.receiver = r }

// Run makes the tier available whenever it is not cut.
func (t *Tier) Run(ctx context.Context, drain func(context.Context) error) {
	for {
		t.recover(ctx, drain)
		select {
		case <-t.restored:
		case <-ctx.Done():
			return
		}
	}
}

func (t *Tier) recover(ctx context.Context, drain func(context.Context) error) {
	losses := t.receiver.Losses()
	_, end := t.memory.after(0)
	t.mu.Lock()
	cut := t.cut
	t.position, t.following = end, !cut
	t.mu.Unlock()
	if cut || drain != nil && drain(ctx) != nil {
		return
	}
	t.receiver.Resume(losses)
	t.hear()
}

// hear passes the changes of other engines to this one.
func (t *Tier) hear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.behind || !t.following {
		return
	}
	changes, end := t.memory.after(t.position)
	for _, c := range changes {
		if c.by == t {
			continue
		}
		for i, tag := range c.tags {
			t.receiver.Invalidate(tag, c.stamps[i])
		}
	}
	t.position = end
}

// Read returns entries and stamps, and creates missing stamps.
func (t *Tier) Read(ctx context.Context, batch [][]cache.FarItem) error {
	items := 0
	for _, some := range batch {
		items += len(some)
	}
	step := record.From(ctx).Start(ctx, record.RoundTrip, "read")
	err := t.usable()
	defer func() { step.End(items, err) }()
	if err != nil {
		return err
	}
	m := t.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, some := range batch {
		for i := range some {
			for _, tag := range some[i].Tags {
				if m.stamps[tag] == 0 {
					m.stamps[tag] = tags.NewStamp()
				}
			}
			m.get(&some[i])
		}
	}
	return nil
}

// get sets the result of an item.
func (m *Memory) get(item *cache.FarItem) {
	item.Raw, item.Stamps = m.entry(item.Key), nil
	for _, tag := range item.Tags {
		item.Stamps = append(item.Stamps, m.stamps[tag])
	}
}

// Inspect returns entries and stamps.
func (t *Tier) Inspect(_ context.Context, items []cache.FarItem) error {
	if t.usable() != nil {
		return nil
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	for i := range items {
		t.memory.get(&items[i])
	}
	return nil
}

// Fill stores entries.
func (t *Tier) Fill(fills []cache.FarFill) {
	if t.usable() != nil {
		return
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	for _, f := range fills {
		t.memory.entries[f.Key] = stored{f.Value, time.Now().Add(f.TTL)}
	}
}

// Settle does nothing: fills are stored at once.
func (t *Tier) Settle() {}

// Replace sets stamps, and then notifies the other engines.
func (t *Tier) Replace(_ context.Context, tags []cache.Tag, stamps []cache.Stamp) (cache.Version, error) {
	t.mu.Lock()
	g := t.hold
	t.hold = nil
	t.mu.Unlock()
	if g != nil {
		close(g.Reached)
		<-g.Opened
	}
	if err := t.usable(); err != nil {
		t.receiver.Degrade()
		return "!", err
	}
	hear, position := t.memory.replace(change{t, tags, stamps})
	for _, other := range hear {
		other.hear()
	}
	return cache.Version(strconv.Itoa(position)), nil
}

// Reached reports whether the engine has heard of a change. It does not wait.
func (t *Tier) Reached(_ context.Context, v cache.Version) bool {
	if v == "" {
		return true
	}
	at, err := strconv.Atoi(string(v))
	t.mu.Lock()
	defer t.mu.Unlock()
	return err == nil && t.following && t.position >= at
}

// Claim stores claims as entries and returns the new ones.
func (t *Tier) Claim(_ context.Context, name string, claims []cache.Claim, ttl time.Duration) (first []cache.Claim) {
	if t.usable() != nil {
		return claims
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	for _, c := range claims {
		if key := name + ":" + string(c[:]); t.memory.entry(key) == nil {
			t.memory.entries[key] = stored{[]byte{1}, time.Now().Add(ttl)}
			first = append(first, c)
		}
	}
	return first
}

// Memory returns the bytes of all values, and no limit.
func (t *Tier) Memory(context.Context) (used, limit int64, ok bool) {
	if t.usable() != nil {
		return 0, 0, false
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	for key, e := range t.memory.entries {
		used += int64(len(key) + len(e.value))
	}
	return used, 0, true
}

// Collectors returns none.
func (t *Tier) Collectors() []prometheus.Collector { return nil }

// Close does nothing.
func (t *Tier) Close() {}
