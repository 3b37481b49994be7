//go:build chaos

package store

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"docsquare/internal/cache/sabotage"
)

// armed is set when the next write is to kill the process.
var armed = awaitSignal()

func awaitSignal() *atomic.Bool {
	is := new(atomic.Bool)
	if !sabotage.Has(sabotage.CrashOnSignal) {
		return is
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for range signals {
			is.Store(true)
		}
	}()
	return is
}

func (s *Store) beforeCommit(ctx context.Context, tx *Tx) (row int, err error) {
	switch {
	case sabotage.Has(sabotage.EarlyOrder):
		s.deliver(ctx, 0, tx.tags)
		return 0, nil
	case sabotage.Has(sabotage.NoOutbox):
		return 0, nil
	}
	return s.writeDown(ctx, tx)
}

func (s *Store) afterCommit(ctx context.Context, row int, tags map[string]struct{}) {
	if armed.Load() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // not a step further
	}
	if !sabotage.Has(sabotage.EarlyOrder) {
		s.deliver(ctx, row, tags)
	}
}
