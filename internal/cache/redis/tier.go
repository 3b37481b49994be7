// Package redis is the far tier of the cache: one Redis, single, Sentinel or Cluster. It stores entries and stamps, publishes
// and follows changes of stamps, and recovers from outages.
package redis

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"

	"docsquare/internal/cache"
	"docsquare/internal/telemetry/record"
)

// Options of a tier.
type Options struct {
	Prefix       string        // before every key
	ReadTimeout  time.Duration // 0: 50 ms
	WriteTimeout time.Duration // 0: 100 ms
	Log          *slog.Logger  // nil: slog.Default
}

// Tier is a cache.Far in Redis. Every call is one pipeline with a deadline, behind one circuit breaker. Only single-key
// commands are used, so a pipeline is one round trip to each node that it concerns.
type Tier struct {
	client       redis.UniversalClient
	log          *slog.Logger
	keyspace     string // prefix of the keys of all releases
	prefix       string // prefix of the keys of this layout
	origin       string // distinguishes this process's changes in the stream from those of others
	breaker      *gobreaker.TwoStepCircuitBreaker[struct{}]
	meters       meters
	readTimeout  time.Duration
	writeTimeout time.Duration
	receiver     cache.Receiver
	runIDs       atomic.Pointer[[]string] // of the servers, when they were last verified
	logged       atomic.Bool              // whether it was logged that Redis is unavailable
	followed     followed
	replacer     replacer

	fills   chan fillBatch
	queued  atomic.Int64 // bytes of the fills that wait
	stop    context.CancelFunc
	workers sync.WaitGroup
}

var _ cache.Far = (*Tier)(nil)

const (
	// layout is the version of everything in Redis but the values: how stamps, tags and the stream are encoded. It is part of
	// each key. Stop the processes of the old release before those of one with another layout start: processes of different
	// layouts do not see each other's writes.
	layout = "v1:"

	// stampTTL is the TTL of stamps, the stream and the run IDs. A stamp that has expired is a miss.
	stampTTL = 24 * time.Hour

	stampSize = 8

	// maxFailures is how many calls in a row may fail before the breaker opens.
	maxFailures = 3
)

var (
	errUnavailable = errors.New("cache: redis is unavailable")
	errOpened      = errors.New("cache: several calls of redis in a row have failed")

	// errSlow is the error of a pipeline of which Redis has answered some commands in time, and not the others. It does not count
	// against the breaker: Redis works, and large answers, which clients can cause, take long.
	errSlow = errors.New("cache: redis has not answered all of a pipeline in time")
)

// NewTier returns a tier over a client. The tier is used once the engine that it is passed to runs. The engine closes the tier; the caller closes the
// client afterwards.
func NewTier(client *Client, o Options) *Tier {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(context.Background())
	t := &Tier{
		client: client.UniversalClient, log: o.Log, keyspace: o.Prefix, prefix: o.Prefix + layout, origin: uuid.NewString(), meters: newMeters(),
		readTimeout: cmp.Or(o.ReadTimeout, 50*time.Millisecond), writeTimeout: cmp.Or(o.WriteTimeout, 100*time.Millisecond),
		fills: make(chan fillBatch, fillQueue), stop: stop,
	}
	t.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        "redis",
		Timeout:     time.Second,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= maxFailures },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				t.degrade(errOpened)
			}
		},
	})
	t.replacer.send = t.replace
	onConnect := t.onConnect
	client.onConnect.Store(&onConnect)
	t.workers.Go(func() { t.runFills(ctx) })
	return t
}

// Bind connects the tier to its engine.
func (t *Tier) Bind(r cache.Receiver) { t.receiver = r }

// Close writes the fills that are already queued, and stops the worker.
func (t *Tier) Close() {
	t.stop()
	t.workers.Wait()
}

// Replace sets the stamps and then publishes the change. On a failure Redis may not have the stamps: the tier is then
// unavailable until it has recovered, which delivers the invalidations in the outbox.
func (t *Tier) Replace(ctx context.Context, tags []cache.Tag, stamps []cache.Stamp) (cache.Version, error) {
	at, err := t.replacer.replace(ctx, tags, stamps)
	if err != nil {
		t.degrade(err)
		return undeliveredVersion(time.Now()), err
	}
	return cache.Version(at), nil
}

// replace sends one pipeline, or two to a cluster, whose nodes could execute the commands in another order. A process that saw the
// change first would read the old stamps and rely on them. It returns the position of the change in the stream.
func (t *Tier) replace(ctx context.Context, tags []cache.Tag, stamps []cache.Stamp) (position string, err error) {
	pipe := t.client.Pipeline()
	for i, tag := range tags {
		pipe.Set(ctx, t.stampKey(tag), stampBytes(stamps[i]), stampTTL)
	}
	if _, cluster := t.client.(*redis.ClusterClient); cluster {
		if err := t.run(ctx, callReplace, pipe, t.writeTimeout); err != nil {
			return "", err
		}
		pipe = t.client.Pipeline()
	}
	var published *redis.StringCmd // the last one
	for _, change := range t.changes(tags, stamps) {
		published = pipe.XAdd(ctx, change)
	}
	pipe.Expire(ctx, t.streamKey(), stampTTL)
	if err = t.run(ctx, callReplace, pipe, t.writeTimeout); err == nil {
		err = published.Err()
	}
	return published.Val(), err
}

// probe checks that Redis accepts writes. It is the one call that a half-open breaker lets through, so no request waits for
// the answer.
func (t *Tier) probe(ctx context.Context) error {
	pipe := t.client.Pipeline()
	pipe.Set(ctx, t.prefix+"@@probe", "", time.Minute)
	return t.exec(ctx, callProbe, pipe, t.readTimeout)
}

// run sends a pipeline unless the breaker is open. Any failure, also of a single command, is an error and counts against
// the breaker. A missing key is not a failure, nor is a key of another type.
func (t *Tier) run(ctx context.Context, call string, pipe redis.Pipeliner, timeout time.Duration) error {
	if t.breaker.State() != gobreaker.StateClosed {
		return errUnavailable
	}
	return t.exec(ctx, call, pipe, timeout)
}

func (t *Tier) exec(ctx context.Context, call string, pipe redis.Pipeliner, timeout time.Duration) error {
	return t.guarded(ctx, timeout, func(bounded context.Context) error {
		n, began, step := pipe.Len(), time.Now(), record.From(ctx).Start(ctx, record.RoundTrip, call)
		cmds, err := pipe.Exec(bounded)
		if err = firstFailure(cmds, err); isSlow(cmds, err) {
			err = errSlow
		}
		step.End(n, err)
		t.meters.observe(call, time.Since(began), err)
		return err
	})
}

// guarded makes a call with a timeout, behind the breaker. The end of ctx does not cancel the call.
func (t *Tier) guarded(ctx context.Context, timeout time.Duration, call func(context.Context) error) error {
	done, err := t.breaker.Allow()
	if err != nil {
		return errUnavailable
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	if err = call(bounded); errors.Is(err, errSlow) {
		done(nil)
	} else {
		done(err)
	}
	return err
}

// isSlow reports whether the time of a pipeline has ended while Redis was answering it.
func isSlow(cmds []redis.Cmder, err error) bool {
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	return slices.ContainsFunc(cmds, answered)
}

// answered reports whether a command of a pipeline that has failed was answered. The client sets the error of the pipeline for such a
// command too, so its value decides.
func answered(c redis.Cmder) bool {
	switch cmd := c.(type) {
	case *redis.StringCmd:
		return cmd.Val() != "" || errors.Is(cmd.Err(), redis.Nil)
	case *redis.StatusCmd:
		return cmd.Val() != "" || errors.Is(cmd.Err(), redis.Nil)
	}
	return false
}

// firstFailure returns the first failure of a pipeline.
func firstFailure(cmds []redis.Cmder, whole error) error {
	for _, c := range cmds {
		if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) && !redis.HasErrorPrefix(err, "WRONGTYPE") {
			return err
		}
	}
	return unsent(cmds, whole)
}

// unsent returns the error of a pipeline that was not sent, for instance because the server has refused the password. Its
// commands then have no errors.
func unsent(cmds []redis.Cmder, whole error) error {
	if slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return c.Err() != nil }) {
		return nil
	}
	return whole
}

func (t *Tier) stampKey(tag cache.Tag) string { return t.prefix + "@" + tag }

func stampBytes(s cache.Stamp) []byte { return binary.BigEndian.AppendUint64(nil, uint64(s)) }

// stampOr returns the stamp in Redis, or the one that the command has created if there was none. It returns zero, which equals
// nothing, if the key has something other than a stamp.
func stampOr(cmd *redis.StatusCmd, created cache.Stamp) cache.Stamp {
	text, err := cmd.Result()
	switch {
	case errors.Is(err, redis.Nil):
		return created
	case err != nil:
		return 0
	}
	return parseStamp(text)
}

func parseStamp(text string) cache.Stamp {
	if len(text) != stampSize {
		return 0
	}
	return cache.Stamp(binary.BigEndian.Uint64([]byte(text)))
}
