package cache

import (
	"context"
	"sync"

	"docsquare/internal/cache/readset"
	"docsquare/internal/telemetry/record"
)

// Scope is the state of one operation: its read set, the entries to write to the far tier at its end, the version of its last
// write, and how its reads are sent.
type Scope struct {
	operation   *operation   // nil: of none
	bypassed    bool         // reads bypass the cache
	loading     bool         // a load of a kind runs
	participant *participant // of the fetch that runs, nil if it shares no round trip
}

// operation is what all contexts of an operation share.
type operation struct {
	engine  *Engine
	readSet readset.Set

	mu          sync.Mutex
	fills       []FarFill
	version     Version // of the last write
	undelivered bool    // the invalidation of that write is not delivered yet
}

// ScopeKey is the key of a *Scope in a context.
type ScopeKey struct{}

// FillStep is the name of the step in which a record shows the fills of an operation.
const FillStep = "fill"

// Scope returns the scope of a new operation, whose reads bypass the cache if those of ctx do. If tracked, its read set collects
// dependencies. Put it into the context of the operation under ScopeKey, and call Fill at the end.
func (e *Engine) Scope(ctx context.Context, tracked bool) *Scope {
	all := &struct {
		Scope
		operation
	}{operation: operation{engine: e, readSet: readset.Set{Track: tracked}}}
	all.Scope.operation, all.bypassed = &all.operation, bypassed(ctx)
	return &all.Scope
}

// ReadSet returns the read set of the operation.
func (s *Scope) ReadSet() *readset.Set { return &s.operation.readSet }

// Version returns the version of the last write of the operation, empty if it has written nothing.
func (s *Scope) Version() Version {
	o := s.operation
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.version
}

// Fill passes the entries that the operation has loaded to the far tier, which writes them in one round trip, without delaying the answer. It
// may be called more than once.
func (s *Scope) Fill(ctx context.Context) {
	o := s.operation
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.fills) > 0 {
		record.From(ctx).Start(ctx, record.RoundTrip, FillStep).End(len(o.fills), nil)
		o.engine.far.Fill(o.fills)
		o.fills = nil
	}
}

// queue keeps fills for the end of the operation, or passes them on at once if the context has no operation.
func (e *Engine) queue(ctx context.Context, fills []FarFill) {
	if len(fills) == 0 {
		return
	}
	o := scopeOf(ctx).operation
	if o == nil {
		e.far.Fill(fills)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fills = append(o.fills, fills...)
}

// noteWritten notes the version of a write, and the error of its delivery. A later version does not replace that of an undelivered
// write, which is the one to wait for.
func noteWritten(ctx context.Context, v Version, err error) {
	o := scopeOf(ctx).operation
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err != nil || !o.undelivered {
		o.version, o.undelivered = v, err != nil
	}
}

// NotBefore returns a context whose reads are at least as new as a version. If this process has not received the invalidation of
// that write within the time of one read from the far tier, the reads bypass the cache.
func (e *Engine) NotBefore(ctx context.Context, v Version) context.Context {
	if e.far.Reached(ctx, v) {
		return ctx
	}
	return Bypass(ctx)
}

// Bypass returns a context whose reads bypass both tiers: every key is loaded from its source, and the entry replaced.
func Bypass(ctx context.Context) context.Context {
	return withScope(ctx, func(s *Scope) { s.bypassed = true })
}

// bypassed reports whether reads under the context bypass the cache.
func bypassed(ctx context.Context) bool { return scopeOf(ctx).bypassed }

// readSetOf returns the read set of the operation, nil if there is none.
func readSetOf(ctx context.Context) *readset.Set {
	if o := scopeOf(ctx).operation; o != nil {
		return &o.readSet
	}
	return nil
}

// Untracked adds a read that no invalidation reaches to the read set of the operation: its answer is not kept.
func Untracked(ctx context.Context) {
	var d readset.Dependencies
	d.AddUntracked()
	readSetOf(ctx).Add(&d, false)
}

// Statement notes that a database statement runs under ctx. Unless the statement is part of the load of a kind, it is an untracked read of
// the operation.
func Statement(ctx context.Context) {
	if !scopeOf(ctx).loading {
		Untracked(ctx)
	}
}

// ReadBytes notes that a load has read so many bytes from the database in addition to the entries that it returns, such as those of an index.
func ReadBytes(ctx context.Context, bytes int) {
	readSetOf(ctx).Count(readset.Reads{LoadedBytes: int64(bytes)})
}

// Process notes that a load processes so many bytes at a cost in CPU that is like that of encoding them, such as Markdown that it renders.
func Process(ctx context.Context, bytes int) {
	readSetOf(ctx).Count(readset.Reads{ProcessedBytes: int64(bytes)})
}

// noScope is the scope of a context without one.
var noScope Scope

func scopeOf(ctx context.Context) *Scope {
	if s, ok := ctx.Value(ScopeKey{}).(*Scope); ok {
		return s
	}
	return &noScope
}

// withScope returns a context with a changed copy of its scope.
func withScope(ctx context.Context, change func(*Scope)) context.Context {
	s := *scopeOf(ctx)
	change(&s)
	return context.WithValue(ctx, ScopeKey{}, &s)
}
