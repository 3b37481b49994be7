// Package cache is the engine of the second-level cache: kinds, the way of a read through the near and the far tier, single-flight loads, and what makes
// entries invalid. It knows neither the entities nor the far tier in use.
//
// An entry stores the stamps of its tags as they were before its value was read from the database, and is valid only while
// they are equal. So a write between a read and its fill makes that fill invalid.
package cache

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/cache/near"
	"docsquare/internal/cache/sabotage"
	"docsquare/internal/cache/tags"
	"docsquare/internal/telemetry/record"
)

// Options of an engine. The zero value is the embedded cache: the near tier alone, with its defaults.
//
// NearBytes bounds the memory of the near tier: the entries of all kinds, each with its key, its value and an overhead, and the
// tags that they depend on. The memory is estimated from the lengths of strings and slices and the sizes of types. It does not
// include loads in progress, claims, and evicted entries that operations still use.
type Options struct {
	Far       Far                      // nil: no far tier. The engine closes it
	NearBytes int64                    // bound of the near tier, see below; 0: 64 MiB; below 0: no near tier, for measurements
	TTL       map[string]time.Duration // by name of kind, instead of the declared one
	Log       *slog.Logger             // nil: slog.Default
}

// Engine is the part of the cache that all kinds share: the tags, the memory of the near tier and the far tier. It is safe for concurrent use.
type Engine struct {
	options      Options
	log          *slog.Logger
	kinds        map[string]*family // by name
	derived      []View
	near         *near.Tier[entry]
	tags         *tags.Table
	far          Far
	availability availability
	watches      watches
	observer     Observer
	undecodable  atomic.Int64
	loads        *prometheus.HistogramVec // how long loads take, by kind

	workers sync.WaitGroup
}

const (
	defaultNearBytes = 64 << 20
	idlePart         = 32        // tags that no entry depends on have at most this part of the near tier
	minIdleBytes     = 16 << 10  // if that is more: for the loads in progress
	onlyIdle         = 256 << 10 // without a near tier
	backgroundTime   = 10 * time.Second
	maxTags          = 4096 // of one write; a write with more tags, such as the deletion of a document with thousands of likes, invalidates everything
)

// New returns an engine. Its far tier is not in use before Run.
func New(o Options) *Engine {
	if o.NearBytes == 0 {
		o.NearBytes = defaultNearBytes
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	e := &Engine{
		kinds: map[string]*family{}, loads: newLoadSeconds(), far: o.Far,
		options: o, log: o.Log, watches: watches{byTag: map[Tag]map[*watch]struct{}{}},
	}
	idle := int64(onlyIdle)
	if o.NearBytes > 0 {
		idle = max(o.NearBytes/idlePart, minIdleBytes)
	}
	e.near = near.New(max(o.NearBytes, 0), near.Owner[entry]{
		Dead:    (*entry).dead,
		Added:   func(s *entry) bool { return e.tags.Pin(s.snapshots) },
		Removed: func(s *entry) { e.tags.Unpin(s.snapshots) },
	})
	e.tags = tags.NewTable(e.near, idle)
	e.availability.init(o.Far != nil)
	if e.far == nil {
		e.far = none{}
	}
	e.far.Bind(Receiver{e})
	return e
}

// Close waits for the work in the background and closes the far tier.
func (e *Engine) Close() {
	e.workers.Wait()
	e.far.Close()
}

// Replace begins a new generation of each tag in this process, and sets new stamps in the far tier. Call it after the commit of a write, with
// the tags of everything that it touched. After an error, the far tier may not have the new stamps: this process then does not use it
// until it has recovered, which delivers the invalidations in the outbox.
func (e *Engine) Replace(ctx context.Context, touched []Tag) error {
	if len(touched) == 0 {
		return nil
	}
	if len(touched) > maxTags {
		touched = []Tag{Everything}
	}
	stamps := make([]Stamp, len(touched))
	for i := range stamps {
		stamps[i] = tags.NewStamp()
	}
	e.begin(touched, stamps)
	v, err := e.far.Replace(ctx, touched, stamps)
	noteWritten(ctx, v, err)
	// Replace again: a reader of the far tier in between has seen the old stamps, and may have kept an entry that depends on them.
	if !sabotage.Has(sabotage.SingleReplace) {
		e.begin(touched, stamps)
	}
	for _, tag := range touched {
		e.watches.notify(tag)
	}
	return err
}

// begin begins a new generation of each tag.
func (e *Engine) begin(touched []Tag, stamps []Stamp) {
	for i, tag := range touched {
		e.tags.Replace(tag, stamps[i])
	}
}

// Far returns the far tier.
func (e *Engine) Far() Far { return e.far }

// Settle blocks until the far tier has written every fill that was queued before, but no longer than a write may take.
func (e *Engine) Settle() { e.far.Settle() }

// Background runs f in a goroutine with the values of ctx, but with another deadline, and as part of no operation: without its record, its
// read set, its fills and its participant of a ReadBatch. A panic of f is logged. Close waits for f.
func (e *Engine) Background(ctx context.Context, f func(context.Context)) {
	e.workers.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backgroundTime)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				e.log.ErrorContext(ctx, "background work panicked", "panic", p, "stack", string(debug.Stack()))
			}
		}()
		f(record.Without(withScope(ctx, func(s *Scope) { s.operation, s.participant = nil, nil })))
	})
}
