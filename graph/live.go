package graph

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/loader"
	"docsquare/graph/transport"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/viewer"
)

// A subscription keeps no events: it counts the writes that touch the tag of its object, and for each of them reads the
// object as it is then, as a separate answer with its own loaders. So its memory does not grow, what it shows is never
// older than the write that it tells of, and ten thousand subscriptions read an object once, through the cache.

const (
	maxWaiting = 256         // writes that may wait to be told of to one client, before it is too slow
	aliveCheck = time.Minute // how often a session is looked at without any cause
	slowRetry  = time.Second
)

// subscription is one subscription under way. Its answers are made one after the other, by the goroutine that sends them.
type subscription struct {
	wake  chan struct{} // holds one call: what it is about stands in the counters
	stops []func()
	step  func(ctx context.Context, sure bool) (shown, last bool, err error) // gives the channel of the resolver its next value
	alive func(ctx context.Context) error                                    // whether the viewer's session still holds

	mu      sync.Mutex
	waiting int  // writes that were not told of yet
	unsure  bool // something may have been written
	doubted bool // the viewer's sessions have changed
	over    bool
}

type subscriptionKey struct{}

// subscribing gives each subscription a place for what its resolver finds out.
func subscribing(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		return next(ctx)
	}
	if !transport.Streams(ctx) {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{clientError(errs.BadUserInput,
			"a subscription needs a WebSocket (graphql-transport-ws), or a request that accepts text/event-stream")}})
	}
	s := &subscription{wake: make(chan struct{}, 1), alive: func(context.Context) error { return nil }}
	context.AfterFunc(ctx, s.stop)
	return next(context.WithValue(ctx, subscriptionKey{}, s))
}

func subscriptionOf(ctx context.Context) *subscription {
	s, _ := ctx.Value(subscriptionKey{}).(*subscription)
	return s
}

// watch counts the writes to a tag, and those that may end the viewer's session.
func (s *subscription) watch(c *kinds.Cache, v viewer.Viewer, tag cache.Tag) {
	stops := []func(){c.Watch(tag, s.heard)}
	if !v.Guest() {
		stops = append(stops, c.Watch(kinds.SessionsOfTag(v.UserID), func(bool) { s.note(func() { s.doubted = true }) }))
	}
	s.mu.Lock()
	s.stops = append(s.stops, stops...)
	over := s.over
	s.mu.Unlock()
	if over {
		s.stop()
	}
}

func (s *subscription) heard(sure bool) {
	s.note(func() {
		if sure {
			s.waiting = min(s.waiting+1, maxWaiting+1)
		} else {
			s.unsure = true
		}
	})
}

func (s *subscription) note(change func()) {
	s.mu.Lock()
	change()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *subscription) stop() {
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

func (s *subscription) take() cause {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := cause{write: s.waiting > 0 || s.unsure, sure: s.waiting > 0, doubted: s.doubted, slow: s.waiting > maxWaiting, over: s.over}
	s.doubted = false
	if s.waiting > 0 {
		s.waiting--
	} else {
		s.unsure = false
	}
	return c
}

// answer is the next answer of a subscription, nil once it is over. It waits for a write to tell of.
func (s *subscription) answer(ctx context.Context, look func(context.Context, func(context.Context) *graphql.Response) *graphql.Response,
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
			response := look(recorded(ctx), func(ctx context.Context) *graphql.Response {
				var shown, last bool
				if shown, last, err = s.step(ctx, c.sure); err != nil || !shown {
					return nil
				}
				if last {
					s.stop()
				}
				return next(ctx)
			})
			if response != nil {
				return response
			}
		}
		if err != nil {
			s.stop()
			return failed(ctx, err)
		}
		if c.write {
			continue
		}
		select {
		case <-s.wake:
		case <-check.C:
			s.note(func() { s.doubted = true })
		case <-ctx.Done():
			return nil
		}
	}
}

// recorded gives each answer its own record, of the same kind as that of the operation.
func recorded(ctx context.Context) context.Context {
	switch record := explain.From(ctx); {
	case record.Full():
		ctx, _ = explain.With(ctx)
	case record != nil:
		ctx, _ = explain.Brief(ctx)
	}
	return ctx
}

// mayGoOn is why the subscription must end, nil where it need not.
func (s *subscription) mayGoOn(ctx context.Context, c cause) error {
	if c.slow {
		e := errs.New(errs.RateLimited, "%d changes waited to be sent, which is too many: this subscription is over. Subscribe again, and read again what it was about", maxWaiting)
		e.RetryAfter = slowRetry
		return e
	}
	if c.doubted || c.write {
		return s.alive(ctx)
	}
	return nil
}

// starting is the loaders with which a subscription looks whether there is something to subscribe to.
func starting(ctx context.Context, s loader.Sources) (context.Context, func()) {
	ctx, done := s.Cache.Operation(ctx)
	return loader.With(ctx, s.New(viewer.From(ctx))), done
}
