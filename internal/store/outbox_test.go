package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// broken is a cache that can be away.
type broken struct {
	away      bool
	delivered [][]string
	held      []bool        // what Hold was told, without repetitions
	round     chan struct{} // a round of the relay has ended
}

func (b *broken) invalidation() store.Invalidation {
	inv := quiet()
	inv.Durable = true
	inv.Replace = func(_ context.Context, tags []string) error {
		if b.away {
			return errors.New("away")
		}
		if len(tags) > 0 {
			b.delivered = append(b.delivered, tags)
		}
		return nil
	}
	inv.Hold = func(held bool) {
		if len(b.held) == 0 || b.held[len(b.held)-1] != held {
			b.held = append(b.held, held)
		}
		select {
		case b.round <- struct{}{}:
		default:
		}
	}
	return inv
}

func (b *broken) open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, b.invalidation(), silent)
	testkit.Must(t, err)
	return s
}

func waiting(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.DB.Outbox.Query().Count(t.Context())
	testkit.Must(t, err)
	return n
}

func write(t *testing.T, s *store.Store, name string) {
	t.Helper()
	testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return named(t.Context(), tx, name) }))
}

// relay has the rows relayed once, and once more at the end.
func (b *broken) relay(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	b.round = make(chan struct{}, 1)
	go func() {
		defer close(ended)
		s.Relay(ctx)
	}()
	<-b.round
	cancel()
	<-ended
}

// TestOutbox follows a row: written with the data, gone after the delivery, kept while the cache is away, and delivered
// once it is back.
func TestOutbox(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			b := &broken{}
			s := b.open(t, testkit.Database(t, dialect))
			defer shut(s)
			write(t, s, "first")
			if n := waiting(t, s); n != 1 || len(b.delivered) != 1 {
				t.Fatalf("after a write %d rows wait and %d were delivered", n, len(b.delivered))
			}
			b.relay(t, s)
			if n := waiting(t, s); n != 0 || len(b.delivered) != 1 {
				t.Fatalf("after the relay %d rows wait and %d were delivered", n, len(b.delivered))
			}
			b.away = true
			write(t, s, "second")
			write(t, s, "third")
			b.relay(t, s)
			if n := waiting(t, s); n != 2 || !slices.Equal(b.held, []bool{false, true}) {
				t.Fatalf("with the cache away %d rows wait and Hold was told %v", n, b.held)
			}
			b.away = false
			b.relay(t, s)
			if n := waiting(t, s); n != 0 || len(b.delivered) != 2 || len(b.delivered[1]) != 2 {
				t.Errorf("with the cache back %d rows wait and these were delivered: %v", n, b.delivered)
			}
			if !slices.Equal(b.held, []bool{false, true, false}) {
				t.Errorf("Hold was told %v", b.held)
			}
		})
	}
}

// TestOutboxOfTheDead delivers what a process left behind that ended before its delivery, before the next one uses Redis.
func TestOutboxOfTheDead(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url, dead, heir := testkit.Database(t, dialect), &broken{}, &broken{}
			s := dead.open(t, url)
			dead.away = true
			write(t, s, "left")
			shut(s)
			s = heir.open(t, url)
			defer shut(s)
			if n := waiting(t, s); n != 0 || len(heir.delivered) != 1 || !slices.Equal(heir.held, []bool{false}) {
				t.Errorf("%d rows wait, %v were delivered, Hold was told %v", n, heir.delivered, heir.held)
			}
		})
	}
}

// TestOutboxKeepsTheCacheHeld holds Redis from the start where what was left behind cannot be delivered.
func TestOutboxKeepsTheCacheHeld(t *testing.T) {
	url, b := testkit.Database(t, "sqlite"), &broken{}
	s := b.open(t, url)
	b.away = true
	write(t, s, "left")
	shut(s)
	b.held = nil
	s = b.open(t, url)
	defer shut(s)
	if n := waiting(t, s); n != 1 || !slices.Equal(b.held, []bool{true}) {
		t.Errorf("%d rows wait, Hold was told %v", n, b.held)
	}
}

// TestRelayAtTheEnd removes what is delivered although the context has ended.
func TestRelayAtTheEnd(t *testing.T) {
	b := &broken{}
	s := b.open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	ctx, cancel := context.WithCancel(t.Context())
	write(t, s, "last")
	cancel()
	s.Relay(ctx)
	if n := waiting(t, s); n != 0 {
		t.Errorf("%d rows wait", n)
	}
}

// TestNoOutbox writes nothing down where the delivery cannot fail, or where nothing was touched.
func TestNoOutbox(t *testing.T) {
	s := open(t, testkit.Database(t, "sqlite"))
	defer shut(s)
	write(t, s, "first")
	if n := waiting(t, s); n != 0 {
		t.Errorf("without Redis %d rows wait", n)
	}
	durable := (&broken{}).open(t, testkit.Database(t, "sqlite"))
	defer shut(durable)
	testkit.Must(t, durable.Write(t.Context(), func(tx *store.Tx) error { return tx.Tag.Create().SetName("x").Exec(t.Context()) }))
	if n := waiting(t, durable); n != 0 {
		t.Errorf("after a write that touched nothing %d rows wait", n)
	}
}
