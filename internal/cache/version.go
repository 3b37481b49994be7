package cache

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Version says how new an answer must be: it names the last write that a client was told of. A client that sends it
// back is not answered with anything older, by whichever instance. Empty where nothing was written.
type Version string

const (
	// undelivered begins the version of a write that Redis has not heard of: the moment follows, in milliseconds since 1970.
	undelivered = "!"

	// staleBound is the time within which the outbox brings a write to every instance, even after a crash of the writer or
	// while some instance is cut off from Redis.
	staleBound = 2 * time.Second

	// clockBound is by how much the clocks of instances and Redis may differ.
	clockBound = 5 * time.Second
)

// place is a place in the stream of changes: a moment in milliseconds since 1970, and a number within it.
type place [2]uint64

func (p place) before(q place) bool { return p[0] < q[0] || p[0] == q[0] && p[1] < q[1] }

func (p place) String() string { return fmt.Sprintf("%d-%d", p[0], p[1]) }

// placeOf reads a place. What is none is the beginning.
func placeOf(text string) (p place) {
	moment, number, _ := strings.Cut(text, "-")
	p[0], _ = strconv.ParseUint(moment, 10, 64)
	p[1], _ = strconv.ParseUint(number, 10, 64)
	return p
}

// written gathers the version of an operation's answer.
type written struct {
	mu      sync.Mutex
	version Version
}

// Versioned has the writes under the context name their version, which the function gives when they are done.
func (e *Engine) Versioned(ctx context.Context) (versioned context.Context, version func() Version) {
	if e.far == nil {
		return ctx, func() Version { return "" }
	}
	w := &written{}
	return withScope(ctx, func(s *Scope) { s.written = w }), w.get
}

func (w *written) get() Version {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version
}

// noteWritten notes where Redis has heard of a write, or that it has not.
func noteWritten(ctx context.Context, at string, err error) {
	w := scopeOf(ctx).written
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		w.version = Version(undelivered + strconv.FormatInt(time.Now().UnixMilli(), 10))
	case !strings.HasPrefix(string(w.version), undelivered):
		w.version = Version(at)
	}
}

// NotBefore has everything that is read under the context be at least as new as a version. Where this process has not yet
// heard of that write it waits for as long as a read from Redis may take, and then has the operation read past the cache.
// A version that is older than any entry may be stale asks for nothing, and neither does one that makes no sense.
func (e *Engine) NotBefore(ctx context.Context, v Version) context.Context {
	text, unheard := strings.CutPrefix(string(v), undelivered)
	at := placeOf(text)
	age := time.Since(time.UnixMilli(int64(at[0]))) //nolint:gosec // a moment out of range is far away, which is all that counts
	if e.far == nil || age > staleBound+clockBound || age < -clockBound {
		return ctx
	}
	if unheard || !e.heard.reaches(ctx, at, e.far.readIn) {
		return context.WithValue(ctx, passByKey{}, true)
	}
	return ctx
}

type passByKey struct{}

// passesBy says whether reads under the context take nothing from the cache.
func passesBy(ctx context.Context) bool { return ctx.Value(passByKey{}) != nil }

// heard is how far this process has followed the stream of changes.
type heard struct {
	mu   sync.Mutex
	at   place
	next chan struct{} // closed when it gets further; nil while nobody waits
}

func (h *heard) advance(p place) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = p
	if h.next != nil {
		close(h.next)
		h.next = nil
	}
}

// reaches waits until the place is reached, but no longer than the time given.
func (h *heard) reaches(ctx context.Context, p place, within time.Duration) bool {
	late := time.After(within)
	for {
		h.mu.Lock()
		if !h.at.before(p) {
			h.mu.Unlock()
			return true
		}
		if h.next == nil {
			h.next = make(chan struct{})
		}
		next := h.next
		h.mu.Unlock()
		select {
		case <-next:
		case <-late:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
