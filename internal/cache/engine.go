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
	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/explain"
)

// Options of an engine. The zero value is the embedded cache: the near tier alone, with its defaults.
//
// NearBytes bounds the memory of the near tier: the entries of all kinds, each with its key, its value and an overhead, and the
// tags that they depend on. The memory is estimated from the lengths of strings and slices and the sizes of types. It does not
// include loads in progress, hot keys, claims, and evicted entries that operations still use.
type Options struct {
	Redis        *Client                  // nil: no far tier
	Prefix       string                   // before every key in Redis
	NearBytes    int64                    // bound of the near tier, see below; 0: 64 MiB; below 0: no near tier, which is for measuring
	TTL          map[string]time.Duration // by name of kind, instead of the declared one
	ReadTimeout  time.Duration            // of a read from Redis; 0: 50 ms
	WriteTimeout time.Duration            // of a write to Redis; 0: 100 ms
	Audit        float64                  // the part of the served entries that is compared with the database; 0: none
	Log          *slog.Logger             // nil: slog.Default
}

// Engine is the mechanism that all kinds share.
type Engine struct {
	options     Options
	log         *slog.Logger
	origin      string             // tells this process's stamp changes from those of others
	kinds       map[string]*family // by name
	derived     []func() KindUsage
	tables      []func() bool // stop the goroutines of the tables of claims
	budget      *budget
	cells       *cells
	far         *far
	trust       trust
	heard       heard
	watches     watches
	auditor     *auditor
	undecodable atomic.Int64
	hot         *hotKeys
	loads       *prometheus.HistogramVec // how long loads take, by kind

	fills   chan fillBatch
	stop    context.CancelFunc
	workers sync.WaitGroup
}

const (
	defaultNearBytes = 64 << 20
	fillQueue        = 1024
	backgroundTime   = 10 * time.Second
	maxTags          = 4096 // of one write; what touches more, such as the end of a document that thousands like, empties the cache

	// degradedNear bounds how long the near tier of a process that has a far tier but cannot hear of others' writes may
	// hold an entry.
	degradedNear = time.Second
)

// newEngine builds the engine and starts the worker that fills Redis. Redis is not in use before Run.
func newEngine(o Options) *Engine {
	if o.NearBytes == 0 {
		o.NearBytes = defaultNearBytes
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &Engine{
		kinds: map[string]*family{}, hot: newHotKeys(), loads: newLoadSeconds(), trust: trust{first: make(chan struct{})},
		options: o, log: o.Log, watches: watches{byTag: map[Tag]map[*watch]struct{}{}}, origin: uuid.NewString(), stop: stop,
		budget: newBudget(max(o.NearBytes, 0)), auditor: newAuditor(o.Audit),
	}
	e.cells = &cells{newTagTable(e.budget)}
	if o.Redis != nil {
		e.far = newFar(o, e.lose)
		greet := e.greet
		o.Redis.greet.Store(&greet)
		e.fills = make(chan fillBatch, fillQueue)
		e.workers.Go(func() { e.filler(ctx) })
	}
	return e
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

// farReady says whether requests may use Redis.
func (e *Engine) farReady() bool { return e.far != nil && e.trust.held.Load() }

// nearLimit bounds the time in the near tier; 0 is no bound besides the kind's own.
func (e *Engine) nearLimit() time.Duration {
	if e.far == nil || e.farReady() {
		return 0
	}
	return degradedNear
}

// Replace begins a new version of each tag: at once in this process, and in Redis where one is configured. Call it after
// the commit of a write, with the tags of everything that it touched. After an error Redis may not have the stamps: this
// process then does without it until it has recovered, which delivers what is left over.
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
		e.watches.tellAll(tags)
		return nil
	}
	at, err := e.far.replace(ctx, e.origin, tags, stamps)
	noteWritten(ctx, at, err)
	if err != nil {
		e.lose(err)
	}
	// Once more: whoever looked at Redis in between saw the old stamps there, and may have kept what rests on them.
	e.cells.replaceAll(tags, stamps)
	e.watches.tellAll(tags)
	return err
}

// background runs f beside the request, with the request's values but a time of its own, and apart from what ends with
// the request: its record, its place in a ReadBatch and its fills. A panic of f ends f alone.
func (e *Engine) background(ctx context.Context, f func(context.Context)) {
	e.workers.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backgroundTime)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				e.log.ErrorContext(ctx, "a refresh has panicked", "panic", p, "stack", string(debug.Stack()))
			}
		}()
		f(explain.Without(withoutParticipant(withoutOperation(ctx))))
	})
}
