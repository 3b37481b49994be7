package ops

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"docsquare/internal/cache"
)

// Audit is the result of the consistency checks so far: how many served entries were compared with their source, and how many of
// them differed for longer than cache.MaxStaleness.
type Audit struct {
	Ratio    float64 // of the served entries
	Compared int64
	Stale    int64         // wanted: 0
	Oldest   time.Duration // the longest time that a served entry has differed before its invalidation arrived
}

// auditor compares a sample of the served entries with their source, in the background.
type auditor struct {
	engine   *cache.Engine
	log      *slog.Logger
	ratio    float64       // of the served entries
	places   chan struct{} // one for each comparison in progress; if all are taken, a sample is dropped
	compared atomic.Int64
	stale    atomic.Int64
	oldest   atomic.Int64
}

const (
	auditPlaces = 8
	auditPause  = 10 * time.Millisecond
)

func newAuditor(e *cache.Engine, ratio float64, log *slog.Logger) *auditor {
	return &auditor{engine: e, log: log, ratio: ratio, places: make(chan struct{}, auditPlaces)}
}

// Audit returns the result of the consistency checks so far.
func (m *Monitor) Audit() Audit {
	a := m.auditor
	return Audit{a.ratio, a.compared.Load(), a.stale.Load(), time.Duration(a.oldest.Load())}
}

// audit compares a served entry with its source in the background.
func (a *auditor) audit(ctx context.Context, s cache.Served) {
	select {
	case a.places <- struct{}{}:
	default:
		return
	}
	a.engine.Background(ctx, func(ctx context.Context) {
		defer func() { <-a.places }()
		a.compare(ctx, s)
	})
}

// compare loads the key until the entry equals the value or is no longer served. During a write the two differ for a moment. An
// entry that differs for cache.MaxStaleness was stale.
func (a *auditor) compare(ctx context.Context, s cache.Served) {
	for began := time.Now(); ; pause(ctx, auditPause) {
		same, err := s.Compare(ctx)
		if err != nil {
			return // without the source there is no result
		}
		differed := time.Since(began)
		switch {
		case same:
		case !s.Current():
			a.grow(differed)
		case differed < cache.MaxStaleness:
			continue
		default:
			a.grow(differed)
			a.stale.Add(1)
			a.log.ErrorContext(ctx, "stale entry served", "kind", s.Kind.Name, "key", s.Kind.Text(s.Key), "differs", differed)
		}
		a.compared.Add(1)
		return
	}
}

// grow raises oldest to d.
func (a *auditor) grow(d time.Duration) {
	for {
		old := a.oldest.Load()
		if int64(d) <= old || a.oldest.CompareAndSwap(old, int64(d)) {
			return
		}
	}
}

// pause blocks for a duration, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
