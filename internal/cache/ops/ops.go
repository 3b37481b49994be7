// Package ops shows operators how the cache works: its usage, the keys that are requested most, the entries of a key, and whether
// served entries equal the database. It reads an engine through cache.View and cache.Observer.
package ops

import (
	"log/slog"

	"docsquare/internal/cache"
)

// Options of a monitor.
type Options struct {
	Audit float64      // ratio of the served entries that are compared with their source; 0: none
	Log   *slog.Logger // nil: slog.Default

	// Label returns a key as text for people: key is of the type of the kind's keys, text is the key in the far tier. nil: text.
	Label func(kind string, key any, text string) string
}

// Monitor watches one engine. It is safe for concurrent use.
type Monitor struct {
	engine  *cache.Engine
	auditor *auditor
	label   func(kind string, key any, text string) string
}

// Watch returns a monitor of an engine and becomes its observer. Call it before the engine is used.
func Watch(e *cache.Engine, o Options) *Monitor {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Label == nil {
		o.Label = func(_ string, _ any, text string) string { return text }
	}
	m := &Monitor{engine: e, auditor: newAuditor(e, o.Audit, o.Log), label: o.Label}
	e.Observe(cache.Observer{Ratio: o.Audit, Served: m.auditor.audit})
	return m
}
