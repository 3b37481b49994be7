package oidc

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"docsquare/internal/errs"
)

// pass lets the time of the bubble pass.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of the bubble
}

func unavailable(t *testing.T, i *Issuer, token string) {
	t.Helper()
	c, err := i.Verify(t.Context(), token)
	if !errors.Is(err, ErrUnavailable) || errors.Is(err, ErrToken) || errs.As(err) != nil || c != (Claims{}) {
		t.Errorf("Verify: %+v, %v, want ErrUnavailable", c, err)
	}
}

// long is a token that outlives the test.
func (s signer) long() string {
	return s.sign(object{"exp": time.Now().Add(1000 * time.Hour).Unix()}, nil)
}

func TestRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := newEC("k1"), newEC("k2")
		f := newBubble(t, before.jwk(nil))
		i := f.accepts(t)
		run(t, i)
		old, fresh := before.long(), after.long()
		accepted(t, i, old)
		refused(t, i, fresh, unknownKey) // too early for another fetch
		f.fetched(t, 1)
		pass(gap)
		f.publish(before.jwk(nil), after.jwk(nil))
		accepted(t, i, fresh)
		accepted(t, i, old)
		f.fetched(t, 2)
		f.publish(after.jwk(nil))
		accepted(t, i, old) // until the refresh
		pass(time.Hour)
		synctest.Wait()
		f.fetched(t, 3)
		refused(t, i, old, unknownKey)
		accepted(t, i, fresh)
	})
}

func TestRotationWithoutRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		token := s.long()
		accepted(t, i, token)
		f.publish(newEC("k2").jwk(nil))
		pass(time.Hour)
		accepted(t, i, token) // does not wait for what it starts
		synctest.Wait()
		refused(t, i, token, unknownKey)
		f.fetched(t, 2)
	})
}

func TestRotationWithoutKeyIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after, other := newEC(""), newEC(""), newEd("")
		f := newBubble(t, before.jwk(nil))
		i := f.accepts(t)
		accepted(t, i, before.long())
		for _, next := range []signer{after, other} {
			pass(gap)
			f.publish(next.jwk(nil))
			accepted(t, i, next.long())
		}
		refused(t, i, before.long(), otherKey)
		f.fetched(t, 3)
	})
}

func TestDownAtStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		var log bytes.Buffer
		i := f.accepts(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		f.answers(status(http.StatusBadGateway))
		run(t, i)
		token := s.long()
		unavailable(t, i, token)
		refused(t, i, s.sign(object{"aud": "x"}, nil), badAudience) // known without keys
		pass(10 * time.Minute)
		unavailable(t, i, token)
		f.answers(nil)
		pass(2 * gap)
		synctest.Wait()
		accepted(t, i, token)
		pass(5 * time.Hour)
		if n := strings.Count(log.String(), "\n"); n != 2 { // down, and up
			t.Errorf("%d lines in the log:\n%s", n, log.String())
		}
	})
}

func TestDownAtStartWithoutRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		f.answers(status(http.StatusBadGateway))
		token := s.long()
		unavailable(t, i, token)
		f.answers(nil)
		unavailable(t, i, token) // too early for another fetch
		pass(gap)
		accepted(t, i, token)
		f.fetched(t, 2)
	})
}

func TestDownLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		run(t, i)
		token := s.long()
		accepted(t, i, token)
		f.answers(status(http.StatusServiceUnavailable))
		for range 23 {
			pass(time.Hour)
			accepted(t, i, token)
			refused(t, i, newEC("k2").long(), unknownKey)
		}
		pass(time.Hour + time.Second)
		unavailable(t, i, token)
		f.answers(nil)
		pass(2 * gap)
		accepted(t, i, token)
	})
}

func TestEmptySetIsBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		run(t, i)
		accepted(t, i, s.long())
		f.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) })
		pass(time.Hour)
		synctest.Wait()
		refused(t, i, s.long(), unknownKey)
	})
}

func TestForgedKeyIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		accepted(t, i, s.long())
		for range 60 { // ten minutes, 50 tokens at once every 10 seconds
			pass(10 * time.Second)
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() { refused(t, i, newEC(randomText()).long(), unknownKey) })
			}
			all.Wait()
		}
		f.fetched(t, 1+20)
		refused(t, i, newEC("x").sign(object{"exp": 1}, nil), expired)
		accepted(t, i, s.long())
	})
}

func TestForgedKeyIDsWhileDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newBubble(t)
		f.answers(status(http.StatusInternalServerError))
		i := f.accepts(t)
		run(t, i)
		for range 100 {
			unavailable(t, i, newEC(randomText()).long())
			pass(3 * time.Second)
		}
		f.fetched(t, 10)
	})
}

// TestOneFetchForMany is that tokens of a new key, all at once, wait for one fetch and are accepted.
func TestOneFetchForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before, after := newEC("k1"), newEC("k2")
		f := newBubble(t, before.jwk(nil))
		i := f.accepts(t)
		accepted(t, i, before.long())
		pass(gap)
		f.publish(after.jwk(nil))
		f.answers(func(w http.ResponseWriter, _ *http.Request) {
			pass(5 * time.Second)
			_, _ = w.Write([]byte(toJSON(object{"keys": []object{after.jwk(nil)}})))
		})
		start := time.Now()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { accepted(t, i, after.long()) })
		}
		all.Wait()
		f.fetched(t, 2)
		if d := time.Since(start); d != 5*time.Second {
			t.Errorf("waited for %v", d)
		}
	})
}

func TestSilentIssuer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		f.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		unavailable(t, i, s.long())
		if d := time.Since(start); d != deadline {
			t.Errorf("waited for %v", d)
		}
		_, err := i.Verify(t.Context(), s.long())
		if errors.Is(err, context.DeadlineExceeded) {
			t.Error("the deadline of the fetch looks like the caller's:", err)
		}
	})
}

// TestCallerGivesUp is that one who waits may leave, and that the others still get the keys.
func TestCallerGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newEC("k1")
		f := newBubble(t, s.jwk(nil))
		i := f.accepts(t)
		f.answers(func(w http.ResponseWriter, _ *http.Request) {
			pass(5 * time.Second)
			_, _ = w.Write([]byte(toJSON(object{"keys": []object{s.jwk(nil)}})))
		})
		for _, wait := range []time.Duration{0, gap} { // with no key known, and with one
			pass(wait)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := i.Verify(ctx, newEC("k2").long())
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrToken) || errors.Is(err, ErrUnavailable) {
				t.Error("Verify:", err)
			}
			accepted(t, i, s.long())
		}
		f.fetched(t, 2)
	})
}

func TestRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newBubble(t)
		f.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		var log bytes.Buffer
		i := f.accepts(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		i.Run(ctx)
		synctest.Wait()
		if d := time.Since(start); d != time.Second || log.Len() > 0 {
			t.Errorf("ended after %v, log: %s", d, log.String())
		}
	})
}
