package cache

import "context"

// Scope is what the engine keeps for one operation: where its reads came from, the entries that it has loaded and that Redis
// does not have yet, and the version of its last write.
type Scope struct {
	engine  *Engine
	receipt *Receipt
	pending *pending
	written *written
}

// ScopeKey is the key of a *Scope in a context.
type ScopeKey struct{}

// Scope returns the scope of a new operation. With tracked, its receipt keeps what the reads depend on. Put it into the context
// of the operation under ScopeKey, and call Fill at the end.
func (e *Engine) Scope(tracked bool) *Scope {
	all := &struct {
		Scope
		receipt Receipt
		pending pending
		written written
	}{}
	all.receipt.engine, all.receipt.keeps = e, tracked
	all.Scope = Scope{engine: e, receipt: &all.receipt, pending: &all.pending, written: &all.written}
	return &all.Scope
}

// Receipt returns where the reads of the operation came from.
func (s *Scope) Receipt() *Receipt { return s.receipt }

// Version returns the version of the last write of the operation, empty if it has written nothing.
func (s *Scope) Version() Version { return s.written.get() }

// Fill sends the entries that the operation has loaded to Redis, beside the answer. It may be called more than once.
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
