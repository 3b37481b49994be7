package admin_test

import (
	"context"
	"errors"
	"testing"

	"docsquare/ent/auditentry"
	"docsquare/internal/admin"
	"docsquare/internal/testkit"
)

// warming is a warm-up that goes on as the test says.
type warming struct {
	begun chan func(done, total int) // how each one tells its progress
	end   chan error
}

func newWarming() warming { return warming{make(chan func(int, int)), make(chan error)} }

func (w warming) warm(ctx context.Context, progress func(done, total int)) error {
	select {
	case w.begun <- progress:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-w.end:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func run(t *testing.T, s *admin.Service, w warming) {
	t.Helper()
	testkit.Work(t, func(ctx context.Context) { s.Run(ctx, w.warm) })
}

// TestWarm goes from waiting to running to done, and is noted in the audit trail each time that it is asked for.
func TestWarm(t *testing.T) {
	app := opened(t)
	s := app.Admin
	if got := s.WarmUp(); got != (admin.WarmUp{}) {
		t.Errorf("before it was asked for: %+v", got)
	}
	for range 3 { // asked while it waits, it runs once
		testkit.Must(t, s.Warm(t.Context(), cy))
		if got := s.WarmUp(); got != (admin.WarmUp{Waiting: true}) {
			t.Errorf("before it begins: %+v", got)
		}
	}
	w := newWarming()
	run(t, s, w)
	progress := testkit.Receive(t, "the warm-up", w.begun)
	began := s.WarmUp().StartedAt
	if got := s.WarmUp(); began == nil || got != (admin.WarmUp{Running: true, StartedAt: began}) {
		t.Errorf("when it has begun: %+v", got)
	}
	progress(3, 7)
	testkit.Must(t, s.Warm(t.Context(), cy)) // and asked while it runs
	if got := s.WarmUp(); got != (admin.WarmUp{Running: true, Done: 3, Total: 7, StartedAt: began}) {
		t.Errorf("on its way: %+v", got)
	}
	w.end <- nil
	testkit.Eventually(t, "it has ended", func() bool { return !s.WarmUp().Running })
	if got := s.WarmUp(); got.Waiting || got.EndedAt == nil || got.EndedAt.Before(*began) || got.Failure != nil || got.Done != 3 || got.StartedAt != began {
		t.Errorf("at its end: %+v", got)
	}

	testkit.Must(t, s.Warm(t.Context(), cy)) // after the first, not at once with it
	testkit.Receive(t, "another warm-up", w.begun)
	if got := s.WarmUp(); !got.Running || got.EndedAt != nil || got.Done != 0 {
		t.Errorf("another: %+v", got)
	}
	w.end <- errNothing
	testkit.Eventually(t, "it has ended", func() bool { return s.WarmUp().EndedAt != nil })
	if got := s.WarmUp(); got.Running || got.Failure == nil || *got.Failure != errNothing.Error() {
		t.Errorf("one that fails: %+v", got)
	}
	select {
	case <-w.begun:
		t.Error("a warm-up that was not requested")
	default:
	}
	rows := noted(t, app, auditentry.ActionCacheWarmed)
	if len(rows) != 5 || rows[0].Subject != "cache" || rows[0].ActorID == nil || *rows[0].ActorID != cy.UserID {
		t.Errorf("the trail has %+v", rows)
	}
}

// TestWarmByManyAtOnce runs once for all who ask before it begins, and tells the truth all along.
func TestWarmByManyAtOnce(t *testing.T) {
	app := opened(t)
	s, w := app.Admin, newWarming()
	run(t, s, w)
	done := make(chan error)
	const many = 20
	for range many {
		go func() { done <- s.Warm(t.Context(), cy) }()
	}
	testkit.Receive(t, "the warm-up", w.begun)
	for range many {
		testkit.Must(t, testkit.Receive(t, "the answer", done))
	}
	if got := s.WarmUp(); !got.Running || got.Waiting {
		t.Errorf("%+v", got)
	}
	w.end <- nil
	testkit.Eventually(t, "it has ended", func() bool { return s.WarmUp().EndedAt != nil })
	if got := s.WarmUp(); got.Running || got.Waiting {
		t.Errorf("another waits: %+v", got)
	}
}

// TestWarmThatCannotBeNoted does not begin.
func TestWarmThatCannotBeNoted(t *testing.T) {
	app := opened(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := app.Admin.Warm(ctx, cy); !errors.Is(err, context.Canceled) {
		t.Errorf("a request that is given up: %v", err)
	}
	if got := app.Admin.WarmUp(); got.Waiting {
		t.Errorf("%+v", got)
	}
}
