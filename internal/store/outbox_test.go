package store_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"docsquare/ent"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// broken is a cache that can be away.
type broken struct {
	mu        sync.Mutex
	away      bool
	delivered [][]string
}

func (b *broken) invalidation() store.Invalidation {
	inv := quiet()
	inv.Durable = true
	inv.Replace = func(_ context.Context, tags []string) error {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.away {
			return errors.New("away")
		}
		if len(tags) > 0 {
			b.delivered = append(b.delivered, tags)
		}
		return nil
	}
	return inv
}

func (b *broken) leave(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

// taken is what was delivered since it was last asked.
func (b *broken) taken() [][]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.delivered
	b.delivered = nil
	return taken
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

// relay has the store relay until the end of the test.
func relay(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Relay(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// wantTags asks for the tags of so many writes, each once.
func wantTags(t *testing.T, got [][]string, writes int) {
	t.Helper()
	if all := slices.Sorted(slices.Values(slices.Concat(got...))); len(slices.Compact(all)) != writes {
		t.Fatalf("delivered %v, want the tags of %d writes", got, writes)
	}
}

// TestOutbox follows a row: written with the data, gone after the delivery, kept while the cache is away, and delivered
// once it is back, by any instance that drains the outbox.
func TestOutbox(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			b := &broken{}
			s := b.open(t, testkit.Database(t, dialect))
			t.Cleanup(func() { shut(s) })
			relay(t, s)
			write(t, s, "first")
			wantTags(t, b.taken(), 1)
			testkit.Eventually(t, "the row is gone", func() bool { return waiting(t, s) == 0 })

			b.leave(true)
			write(t, s, "second")
			write(t, s, "third")
			if err := s.Drain(t.Context()); err == nil {
				t.Error("what could not be delivered was no error")
			}
			if n, age, err := s.Backlog(t.Context()); n != 2 || age <= 0 || err != nil {
				t.Errorf("the backlog is %d rows since %v, %v", n, age, err)
			}
			b.leave(false)
			testkit.Must(t, s.Drain(t.Context()))
			wantTags(t, b.taken(), 2)
			if n, age, err := s.Backlog(t.Context()); n != 0 || age != 0 || err != nil {
				t.Errorf("after all was delivered the backlog is %d rows since %v, %v", n, age, err)
			}
		})
	}
}

// TestOutboxOfTheDead checks that a running process delivers the rows of a process that ended before its delivery.
func TestOutboxOfTheDead(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			url, dead, heir := testkit.Database(t, dialect), &broken{}, &broken{}
			other := heir.open(t, url)
			t.Cleanup(func() { shut(other) })
			relay(t, other)
			s := dead.open(t, url)
			dead.leave(true)
			write(t, s, "left")
			shut(s)
			testkit.Eventually(t, "the row is gone", func() bool { return waiting(t, other) == 0 })
			wantTags(t, heir.taken(), 1)
		})
	}
}

// TestDrainOfMuch delivers more rows than are read at once.
func TestDrainOfMuch(t *testing.T) {
	b := &broken{}
	s := b.open(t, testkit.Database(t, "sqlite"))
	t.Cleanup(func() { shut(s) })
	const rows = 2*store.RelayBatch + 1
	bulk := make([]*ent.OutboxCreate, rows)
	for i := range bulk {
		bulk[i] = s.DB.Outbox.Create().SetTags([]string{strconv.Itoa(i)})
	}
	for chunk := range slices.Chunk(bulk, 1000) {
		testkit.Must(t, s.DB.Outbox.CreateBulk(chunk...).Exec(t.Context()))
	}
	testkit.Must(t, s.Drain(t.Context()))
	if got := slices.Concat(b.taken()...); len(got) != rows || waiting(t, s) != 0 {
		t.Errorf("%d of %d tags were delivered, %d rows wait", len(got), rows, waiting(t, s))
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
	testkit.Must(t, durable.Write(t.Context(), func(tx *store.Tx) error { return tx.Tag.Create().SetName("x").SetFolded("x").Exec(t.Context()) }))
	if n := waiting(t, durable); n != 0 {
		t.Errorf("after a write that touched nothing %d rows wait", n)
	}
}
