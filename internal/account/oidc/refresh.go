package oidc

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

const (
	deadline = 10 * time.Second // of an attempt to fetch the keys
	gap      = 30 * time.Second // at least, between the starts of two attempts, whatever tokens ask for; longer than deadline, so that no two run at once
	outlive  = 24 * time.Hour   // the longest that keys are believed while the issuer cannot be asked
)

// attempt is one try to fetch the keys.
type attempt struct {
	at   time.Time
	done chan struct{}
	err  error // to be read once it is done
}

// wait is the error of the attempt, or of the context where that ends first.
func (a *attempt) wait(ctx context.Context) error {
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run fetches the keys at once and keeps them fresh until the context ends. While they cannot be fetched it tries about
// twice a minute. Without it keys are fetched only as tokens come.
func (i *Issuer) Run(ctx context.Context) {
	for {
		_ = i.fetch(ctx).wait(ctx) // it is in the log
		select {
		case <-ctx.Done():
			return
		case <-time.After(i.untilNext()):
		}
	}
}

func (i *Issuer) untilNext() time.Duration {
	if set := i.keys.Load(); set != nil && !i.stale(set) {
		return i.options.Refresh - time.Since(set.fetched)
	}
	return gap
}

// fetch is the running attempt, or the last where a new one would come too early, or a new one within the context.
func (i *Issuer) fetch(ctx context.Context) *attempt {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.last == nil || time.Since(i.last.at) >= gap {
		i.last = &attempt{at: time.Now(), done: make(chan struct{})}
		go i.carryOut(ctx, i.last)
	}
	return i.last
}

func (i *Issuer) carryOut(ctx context.Context, a *attempt) {
	defer close(a.done)
	timed, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	set, err := i.download(timed, a.at)
	if err != nil {
		a.err = err
		i.logFailure(ctx, err)
		return
	}
	i.logKeys(ctx, i.keys.Swap(set), set)
}

// known is the keys that can be believed, after a fetch where there are none. Its error matches ErrUnavailable where there
// still are none then, or is the context's. Keys that are due are renewed without waiting for it.
func (i *Issuer) known(ctx context.Context) (*keySet, error) {
	if set := i.current(); set != nil {
		if i.stale(set) {
			i.fetch(context.WithoutCancel(ctx))
		}
		return set, nil
	}
	err := i.fetch(context.WithoutCancel(ctx)).wait(ctx)
	if set := i.current(); set != nil {
		return set, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("%w: %v", ErrUnavailable, err) //nolint:errorlint // a deadline of the fetch is not the caller's
}

// current is the keys that can be believed, nil where there are none.
func (i *Issuer) current() *keySet {
	set := i.keys.Load()
	if set == nil || time.Since(set.fetched) > outlive {
		return nil
	}
	return set
}

func (i *Issuer) stale(set *keySet) bool { return time.Since(set.fetched) >= i.options.Refresh }

// logFailure logs the first of several failures: the issuer may be down for hours.
func (i *Issuer) logFailure(ctx context.Context, err error) {
	if ctx.Err() == nil && !i.down.Swap(true) {
		i.options.Log.WarnContext(ctx, "keys of the token issuer not fetched", slog.Any("error", err))
	}
}

func (i *Issuer) logKeys(ctx context.Context, before, now *keySet) {
	wasDown := i.down.Swap(false)
	if before != nil && !wasDown && slices.Equal(before.ids(), now.ids()) {
		return
	}
	level := slog.LevelInfo
	if len(now.keys) == 0 {
		level = slog.LevelWarn
	}
	i.options.Log.LogAttrs(ctx, level, "the keys of the token issuer were fetched",
		slog.Any("keys", now.ids()), slog.Any("ignored", now.ignored))
}
