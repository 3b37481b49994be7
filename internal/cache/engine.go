// Package cache owns the second level of the cache: every kind of entry, in the near tier (this process) and the far
// tier (Redis), and what makes entries invalid. It knows the entities but not their rules: it is blind to who asks.
//
// An entry stores the stamps of its tags as they were before its value was read from the database, and counts only while
// they are equal. So a write that lands between a read and its fill makes that fill dead on arrival.
package cache

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/sony/gobreaker/v2"

	"docsquare/internal/explain"
)

// Options of an engine. The zero value is the embedded cache: the near tier alone, with its defaults.
type Options struct {
	Redis        *Client                  // nil: no far tier
	Prefix       string                   // before every key in Redis
	NearBytes    int64                    // bound of the near tier; 0: 128 MiB; below 0: no near tier, which is for measuring
	TTL          map[string]time.Duration // by name of kind, instead of the declared one
	ReadTimeout  time.Duration            // of a read from Redis; 0: 50 ms
	WriteTimeout time.Duration            // of a write to Redis; 0: 100 ms
	Log          *slog.Logger             // nil: slog.Default
}

// Engine is the mechanism that all kinds share.
type Engine struct {
	options     Options
	log         *slog.Logger
	origin      string              // tells this process's stamp changes from those of others
	names       map[string]struct{} // of the kinds
	tables      []func() bool       // stop what the tables of the near tier have running
	cells       *cells
	far         *far
	following   atomic.Bool              // whether what other processes write is heard of
	runs        atomic.Pointer[[]string] // of the servers, when they were last looked at
	undecodable atomic.Int64

	firstFollowed sync.Once
	followed      chan struct{} // closed when the stream of changes was first followed

	fills   chan fillBatch
	stop    context.CancelFunc
	workers sync.WaitGroup
}

const (
	defaultNearBytes = 128 << 20
	bytesPerTag      = 512 // one tag in the table for so many bytes of the near tier
	fillQueue        = 1024
	backgroundTime   = 10 * time.Second
	maxTags          = 4096 // of one write; what touches more, such as the end of a document that thousands like, empties the cache

	// degradedNear bounds how long the near tier of a process that has a far tier but cannot hear of others' writes may
	// hold an entry.
	degradedNear = time.Second
)

// newEngine builds the engine and starts its workers: the one that fills Redis and the one that follows other processes.
func newEngine(o Options) *Engine {
	if o.NearBytes == 0 {
		o.NearBytes = defaultNearBytes
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &Engine{
		names: map[string]struct{}{}, followed: make(chan struct{}),
		options: o, log: o.Log, origin: uuid.NewString(), stop: stop,
		cells: newCells(int(max(o.NearBytes/bytesPerTag, 1024))),
	}
	e.tables = append(e.tables, e.cells.table.StopAllGoroutines)
	if o.Redis != nil {
		e.far = newFar(o)
		greet := e.greet
		o.Redis.greet.Store(&greet)
		e.fills = make(chan fillBatch, fillQueue)
		e.workers.Go(func() { e.filler(ctx) })
		e.workers.Go(func() { e.follow(ctx) })
	}
	return e
}

func newFar(o Options) *far {
	f := &far{client: o.Redis.UniversalClient, prefix: o.Prefix, readIn: o.ReadTimeout, writeIn: o.WriteTimeout}
	if f.readIn == 0 {
		f.readIn = 50 * time.Millisecond
	}
	if f.writeIn == 0 {
		f.writeIn = 100 * time.Millisecond
	}
	f.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        "redis",
		Timeout:     time.Second,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 3 },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			o.Log.Warn("the way to Redis has changed", "from", from.String(), "to", to.String())
		},
	})
	return f
}

// Close stops the workers, after the fills that are already queued.
func (e *Engine) Close() {
	e.stop()
	e.workers.Wait()
	for _, stop := range e.tables {
		stop()
	}
}

// State says how the far tier is: "ok", "degraded" while the process does without it, or "off" where none is configured.
func (e *Engine) State() string {
	switch {
	case e.far == nil:
		return "off"
	case e.farReady():
		return "ok"
	}
	return "degraded"
}

// Hold says whether Redis must not be used because stamps are still to be delivered.
func (e *Engine) Hold(held bool) {
	if e.far != nil {
		e.far.held.Store(held)
	}
}

// farReady says whether Redis may be used: not before this process hears of what others write, and knows that Redis has
// forgotten nothing.
func (e *Engine) farReady() bool { return e.far != nil && e.following.Load() && e.far.ready() }

// nearLimit bounds the time in the near tier; 0 is no bound besides the kind's own.
func (e *Engine) nearLimit() time.Duration {
	if e.far == nil || e.farReady() {
		return 0
	}
	return degradedNear
}

func (e *Engine) nearWeight(share int) uint64 {
	return uint64(e.options.NearBytes) * uint64(share) / totalShares //nolint:gosec // both positive
}

// Replace begins a new version of each tag: at once in this process, and in Redis where one is configured. Call it after
// the commit of a write, with the tags of everything that it touched. After an error Redis does not have the stamps, and
// this process does without it until Hold(false).
func (e *Engine) Replace(ctx context.Context, tags []Tag) error {
	if len(tags) > maxTags {
		tags = []Tag{Everything}
	}
	stamps := make([]Stamp, len(tags))
	for i := range tags {
		stamps[i] = newStamp()
	}
	e.cells.replaceAll(tags, stamps)
	if e.far == nil || len(tags) == 0 {
		return nil
	}
	err := e.far.replace(ctx, e.origin, tags, stamps)
	if err != nil {
		e.far.held.Store(true)
	}
	// Once more: whoever looked at Redis in between saw the old stamps there, and may have kept what rests on them.
	e.cells.replaceAll(tags, stamps)
	return err
}

// background runs f beside the request, with the request's values but a time of its own, and apart from what ends with
// the request: its record, its seat in a joint and its fills. A panic of f ends f alone.
func (e *Engine) background(ctx context.Context, f func(context.Context)) {
	e.workers.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backgroundTime)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				e.log.ErrorContext(ctx, "a refresh has panicked", "panic", p, "stack", string(debug.Stack()))
			}
		}()
		f(explain.Without(withoutSeat(withoutOperation(ctx))))
	})
}
