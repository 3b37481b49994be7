package cache

import "context"

// Scope is the state of one operation: its read set, the entries to write to the far tier at its end, the version of its last
// write, and how its reads are sent.
type Scope struct {
	engine  *Engine
	readSet *ReadSet
	pending *pending
	written *written

	bypassed    bool         // reads bypass the cache
	loading     bool         // a load of a kind runs
	batch       *ReadBatch   // of the level that runs, nil outside a level
	participant *participant // of the fetch that runs, nil if it shares no round trip
}

// ScopeKey is the key of a *Scope in a context.
type ScopeKey struct{}

// Scope returns the scope of a new operation, whose reads bypass the cache if those of ctx do. If tracked, its read set collects
// dependencies. Put it into the context of the operation under ScopeKey, and call Fill at the end.
func (e *Engine) Scope(ctx context.Context, tracked bool) *Scope {
	all := &struct {
		Scope
		readSet ReadSet
		pending pending
		written written
	}{}
	all.readSet.engine, all.readSet.tracked = e, tracked
	all.Scope = Scope{engine: e, readSet: &all.readSet, pending: &all.pending, written: &all.written, bypassed: bypassed(ctx)}
	return &all.Scope
}

// ReadSet returns the read set of the operation.
func (s *Scope) ReadSet() *ReadSet { return s.readSet }

// Version returns the version of the last write of the operation, empty if it has written nothing.
func (s *Scope) Version() Version { return s.written.get() }

// Fill passes the entries that the operation has loaded to the far tier, without delaying the answer. It may be called more than once.
func (s *Scope) Fill(ctx context.Context) { s.engine.flush(ctx, s.pending) }

// noScope is the scope of a context without one.
var noScope Scope

// scopeOf returns the scope of a context. Do not change it.
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
