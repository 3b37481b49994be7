// Package subscription sends clients what writes have changed. A subscription keeps no events: it counts the writes that touch the tag of its object,
// and for each of them reads the object as it is then, as a separate answer with its own loaders. So its memory does not grow, what it
// shows is never older than the write that has caused it, and ten thousand subscriptions read an object once, through the cache.
package subscription

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/internal/errs"
)

const (
	maxWaiting = 256         // writes that may wait to be sent to one client, before it is too slow
	aliveCheck = time.Minute // how often a session is looked at without any cause
	slowRetry  = time.Second
)

// Subscription is one subscription under way. Its answers are made one after the other, by the goroutine that sends them.
type Subscription struct {
	// Step gives the channel of the resolver its next value. Sure is true if something was written, shown if there is a value,
	// last if nothing comes after it. The resolver sets it.
	Step func(ctx context.Context, sure bool) (shown, last bool, err error)
	// Alive returns why the viewer's session has ended, nil while it holds. The resolver sets it.
	Alive func(ctx context.Context) error

	wake chan struct{} // holds one wake-up: the counters have the number of writes

	mu      sync.Mutex
	stops   []func()
	waiting int  // writes that were not sent yet
	unsure  bool // something may have been written
	more    bool // the last step has left something to send
	doubted bool // the viewer's sessions have changed
	over    bool
}

// New returns a subscription that stops with its context.
func New(ctx context.Context) *Subscription {
	s := &Subscription{wake: make(chan struct{}, 1), Alive: func(context.Context) error { return nil }}
	context.AfterFunc(ctx, s.Stop)
	return s
}

// Watching has these functions called at the end. They end what calls Written and SessionsChanged.
func (s *Subscription) Watching(stops ...func()) {
	s.mu.Lock()
	s.stops = append(s.stops, stops...)
	over := s.over
	s.mu.Unlock()
	if over {
		s.Stop()
	}
}

// Written counts a write to what the subscription is about. Without sure, there may have been none.
func (s *Subscription) Written(sure bool) {
	s.note(func() {
		if sure {
			s.waiting = min(s.waiting+1, maxWaiting+1)
		} else {
			s.unsure = true
		}
	})
}

// Continue has Step called once more, because it has found more than the one value that it could send. Unlike Written it reports no write:
// a write that happens before that call still has Step look again after it.
func (s *Subscription) Continue() { s.note(func() { s.more = true }) }

// SessionsChanged has the subscription check that the viewer's session still holds.
func (s *Subscription) SessionsChanged() { s.note(func() { s.doubted = true }) }

func (s *Subscription) note(change func()) {
	s.mu.Lock()
	change()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Over reports whether the subscription has ended.
func (s *Subscription) Over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over
}

// Stop ends the subscription.
func (s *Subscription) Stop() {
	s.mu.Lock()
	s.over = true
	stops := s.stops
	s.stops = nil
	s.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
}

// cause is why a subscription is woken.
type cause struct{ write, sure, doubted, slow, over bool }

func (s *Subscription) take() cause {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := cause{write: s.waiting > 0 || s.unsure || s.more, sure: s.waiting > 0, doubted: s.doubted, slow: s.waiting > maxWaiting, over: s.over}
	s.doubted = false
	switch {
	case s.more && s.waiting > 0: // the step may send what it has found before, and not look
		s.waiting--
		s.unsure = true
	case s.waiting > 0:
		s.waiting--
	case !s.more:
		s.unsure = false
	}
	s.more = false
	return c
}

// Answer waits for a write to tell of, and returns the next answer: nil once the subscription is over. Look runs a function as one
// operation, next answers the value that a step has shown, and failed answers an error, after which the subscription is over.
func (s *Subscription) Answer(ctx context.Context, look func(context.Context, graphql.ResponseHandler) *graphql.Response,
	next graphql.ResponseHandler, failed func(context.Context, error) *graphql.Response,
) *graphql.Response {
	check := time.NewTicker(aliveCheck)
	defer check.Stop()
	for {
		c := s.take()
		if c.over {
			return nil
		}
		err := s.mayGoOn(ctx, c)
		if err == nil && c.write {
			response := look(ctx, func(ctx context.Context) *graphql.Response {
				var shown, last bool
				if shown, last, err = s.Step(ctx, c.sure); err != nil || !shown {
					return nil
				}
				if last {
					s.Stop()
				}
				return next(ctx)
			})
			if response != nil {
				return response
			}
		}
		if err != nil {
			s.Stop()
			return failed(ctx, err)
		}
		if c.write {
			continue
		}
		select {
		case <-s.wake:
		case <-check.C:
			s.SessionsChanged()
		case <-ctx.Done():
			return nil
		}
	}
}

// mayGoOn is why the subscription must end, nil where it need not.
func (s *Subscription) mayGoOn(ctx context.Context, c cause) error {
	if c.slow {
		e := errs.New(errs.RateLimited, "%d changes waited to be sent, which is too many: this subscription is over. Subscribe again, and read again what it was about", maxWaiting)
		e.RetryAfter = slowRetry
		return e
	}
	if c.doubted || c.write {
		return s.Alive(ctx)
	}
	return nil
}
