package store_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// TestWatch writes to one file from two stores, as two processes do: each is told of the other's writes alone.
func TestWatch(t *testing.T) {
	url := "sqlite://" + filepath.Join(t.TempDir(), "t.db")
	open := func() *store.Store {
		inv := store.Invalidation{Tags: kinds.Touched, Replace: func(context.Context, []string) error { return nil }}
		s, err := store.Open(t.Context(), url, inv, slog.Default())
		testkit.Must(t, err)
		t.Cleanup(func() { testkit.Must(t, s.Close()) })
		return s
	}
	other, mine := open(), open()
	ctx, stop := context.WithCancel(t.Context())
	told := make(chan struct{}, 100)
	var watching sync.WaitGroup
	watching.Go(func() {
		mine.Watch(ctx, func(context.Context) error { told <- struct{}{}; return nil })
	})
	write := func(s *store.Store, name string) {
		testkit.Must(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.Category.Create().SetName(name).Exec(t.Context()) }))
	}
	for _, name := range []string{"a", "b", "c"} {
		write(other, name)
		<-told
	}
	write(mine, "d")
	write(other, "e")
	<-told
	stop()
	watching.Wait()
	if len(told) > 0 {
		t.Errorf("told %d times more than the other has written", len(told))
	}
}
