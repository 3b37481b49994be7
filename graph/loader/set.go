package loader

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"docsquare/internal/services"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/viewer"
)

// Sources are the services that loaders read from.
type Sources struct {
	services.Services

	Alone bool // Load reads each key by itself: for measuring what batches are worth
}

// New returns a set without loaders. A loader is made when it is used for the first time.
func (s Sources) New(v viewer.Viewer) *Set { return &Set{sources: s, viewer: v} }

// Set is the loaders of one operation for one viewer.
type Set struct {
	sources  Sources
	viewer   viewer.Viewer
	audience viewer.Audience

	mu      sync.Mutex // of loaders, and of what a loader makes on demand
	loaders []reader
	asked   []reader // those that were asked for something since the last Run
}

// Release gives the memory of the loaders back. Nothing of the set may be used after.
func (s *Set) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.loaders {
		l.release()
	}
	s.loaders, s.asked = nil, nil
}

// Viewer returns the viewer whom the values are for. The answer of the operation then is for this viewer alone.
func (s *Set) Viewer() viewer.Viewer {
	s.audience.Alone()
	return s.viewer
}

// Rules returns the rules for the viewer. Accounts that they are asked about may get another answer.
func (s *Set) Rules() viewer.Rules { return s.viewer.Rules().Noted(&s.audience) }

// Marker returns the account whose marks the answer shows, uuid.Nil for a guest. Use it only for what is replaced in the answer for
// each viewer.
func (s *Set) Marker() uuid.UUID { return s.viewer.UserID }

// Audience returns who gets the same answer as the viewer.
func (s *Set) Audience() *viewer.Audience { return &s.audience }

// Become empties the set for another viewer.
func (s *Set) Become(v viewer.Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.viewer, s.loaders, s.asked = v, nil, nil
}

// batch is the keys of one loader that the near tier has not answered.
type batch struct {
	loader  reader
	missing []int
}

// Run reads every key that loaders were asked for since the last call: from the near tier at first, on this goroutine, and the
// rest in one batch for each loader, all of which share one round trip to Redis.
func (s *Set) Run(ctx context.Context) {
	var step record.Taking
	if slices.ContainsFunc(s.asked, reader.hasNews) {
		step = record.From(ctx).Start(ctx, record.Level, "")
	}
	loaders, sent := len(s.asked), []batch(nil)
	defer func() { step.End(loaders, nil) }()
	for _, l := range s.asked {
		if missing := l.look(ctx); len(missing) > 0 {
			sent = append(sent, batch{l, missing})
		}
	}
	s.asked = s.asked[:0]
	if len(sent) == 0 {
		return
	}
	s.read(step.Within(ctx), sent)
}

// read reads batches at the same time, since their round trip to Redis waits for all of them. One is read on this goroutine, whose stack has
// grown already.
func (s *Set) read(ctx context.Context, sent []batch) {
	shared := s.sources.Cache.NewReadBatch(ctx)
	own := shared.Join(ctx)
	var others sync.WaitGroup
	for _, b := range sent[1:] {
		ctx := shared.Join(ctx)
		others.Go(func() { b.loader.read(ctx, b.missing) })
	}
	shared.Start()
	sent[0].loader.read(own, sent[0].missing)
	others.Wait()
}
