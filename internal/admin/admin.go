// Package admin owns what administrators do to the cache: they look at it, make entries of it invalid, and have it warmed.
// It must not decide who is an administrator.
package admin

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"docsquare/ent/auditentry"
	"docsquare/internal/audit"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Service looks after the cache.
type Service struct {
	store *store.Store
	cache *kinds.Cache
	log   *slog.Logger

	wanted chan struct{} // holds the one warm-up that waits
	mu     sync.Mutex
	warmUp WarmUp
}

// New is the service over a store and its cache. Run it, for the warm-ups that are asked for.
func New(s *store.Store, c *kinds.Cache, log *slog.Logger) *Service {
	return &Service{store: s, cache: c, log: log, wanted: make(chan struct{}, 1)}
}

// Target is what is to be invalid. Exactly one of its fields is set.
type Target struct {
	Kind       string    // all entries of a kind
	Tag        string    // what rests on a tag
	Node       nodeid.ID // what rests on a node of the graph
	Everything bool
}

// maxTag is how many bytes a tag may have.
const maxTag = 256

// tagsOf are the tags of a target, and what the audit trail calls it. BAD_USER_INPUT where it is none, or more than one.
func (s *Service) tagsOf(t Target) (tags []cache.Tag, subject string, err error) {
	given := 0
	for _, set := range []bool{t.Kind != "", t.Tag != "", t.Node != nodeid.ID{}, t.Everything} {
		if set {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, "", errs.New(errs.BadUserInput, "give exactly one of kind, tag, nodeId and everything")
	case t.Everything:
		return []cache.Tag{cache.Everything}, "everything", nil
	case t.Kind != "":
		if names := s.cache.Names(); !slices.Contains(names, t.Kind) {
			return nil, "", errs.BadInput("kind", "there is no kind of entries %.64q: the kinds are %s", t.Kind, strings.Join(names, ", "))
		}
		return []cache.Tag{cache.KindTag(t.Kind)}, "kind " + t.Kind, nil
	case t.Tag != "":
		if len(t.Tag) > maxTag {
			return nil, "", errs.BadInput("tag", "a tag has at most %d bytes", maxTag)
		}
		return []cache.Tag{t.Tag}, "tag " + t.Tag, nil
	}
	tags, err = kinds.TagsOf(t.Node)
	return tags, t.Node.String(), err
}

// Invalidate invalidates what depends on the target, on every instance, and returns the tags. It is as durable as a
// write: it survives a crash, and an outage of Redis.
func (s *Service) Invalidate(ctx context.Context, v viewer.Viewer, t Target) ([]cache.Tag, error) {
	tags, subject, err := s.tagsOf(t)
	if err != nil {
		return nil, err
	}
	return tags, s.store.Write(ctx, func(tx *store.Tx) error {
		tx.Invalidate(kinds.ManualTags(tags))
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionCacheInvalidated, Subject: subject, Detail: strings.Join(tags, " ")})
	})
}

// WarmUp is how far the last warm-up that was asked for is.
type WarmUp struct {
	Waiting     bool // it has yet to begin
	Running     bool
	Done, Total int // operations
	StartedAt   *time.Time
	EndedAt     *time.Time
	Failure     *string // why it did not warm everything
}

// Warm starts to warm the cache of this instance in the background. While that is under way, another call has no effect.
func (s *Service) Warm(ctx context.Context, v viewer.Viewer) error {
	err := s.Warmed(ctx, v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.warmUp.Waiting || s.warmUp.Running {
		return nil
	}
	s.warmUp = WarmUp{Waiting: true}
	s.wanted <- struct{}{} // there is room: none waits
	return nil
}

// Warmed notes in the audit trail that a warm-up was asked for.
func (s *Service) Warmed(ctx context.Context, v viewer.Viewer) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionCacheWarmed, Subject: "cache"})
	})
}

// Run warms the cache whenever that is asked for, until the context ends.
func (s *Service) Run(ctx context.Context, warm func(ctx context.Context, progress func(done, total int)) error) {
	for {
		select {
		case <-s.wanted:
		case <-ctx.Done():
			return
		}
		began := time.Now()
		s.change(func(w *WarmUp) { *w = WarmUp{Running: true, StartedAt: &began} })
		err := warm(ctx, func(done, total int) { s.change(func(w *WarmUp) { w.Done, w.Total = done, total }) })
		ended := time.Now()
		s.change(func(w *WarmUp) {
			w.Running, w.EndedAt = false, &ended
			if err != nil {
				why := err.Error()
				w.Failure = &why
			}
		})
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "cache warm-up incomplete", "error", err)
		}
	}
}

func (s *Service) change(f func(*WarmUp)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.warmUp)
}

// WarmUp is how far the last warm-up is.
func (s *Service) WarmUp() WarmUp {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.warmUp
}
