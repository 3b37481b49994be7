package cache

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"

	"docsquare/internal/explain"
)

// far is the far tier: one Redis, single, Sentinel or Cluster. Every call is one pipeline with a deadline, behind one
// circuit breaker. Only single-key commands are used, so a pipeline is one round trip to each node that it concerns.
type far struct {
	client  redis.UniversalClient
	prefix  string
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
	meters  farMeters
	readIn  time.Duration
	writeIn time.Duration
	runs    atomic.Pointer[[]string] // of the servers, when they were last surveyed
}

const (
	// layout is the version of everything in Redis but the values: how stamps, tags and the stream are written. It stands
	// in each key. Stop the processes of the old release before those of one with another layout start: they do not hear
	// of each other's writes.
	layout = "v1:"

	// stampTTL is how long Redis remembers the stamp of a tag that nothing touches, and everything else that is no entry.
	// A stamp that is gone is a miss.
	stampTTL = 24 * time.Hour
)

func newFar(o Options, lose func(error)) *far {
	f := &far{
		client: o.Redis.UniversalClient, prefix: o.Prefix + layout,
		meters: newFarMeters(),
		readIn: cmp.Or(o.ReadTimeout, 50*time.Millisecond), writeIn: cmp.Or(o.WriteTimeout, 100*time.Millisecond),
	}
	f.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name:        "redis",
		Timeout:     time.Second,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= maxFailures },
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				lose(errOpened)
			}
		},
	})
	return f
}

// farItem is one key to read, with the tags that its entry rests on.
type farItem struct {
	key    string
	tags   []Tag
	raw    []byte  // the answer: nil where there is no entry
	stamps []Stamp // the answer: the stamp of each tag, made now where there was none
}

// farRead is what one fetch wants from Redis.
type farRead struct{ items []farItem }

// farFill is one entry to write.
type farFill struct {
	key   string
	value []byte
	ttl   time.Duration
}

// maxFailures is how many calls in a row may fail before Redis is left alone.
const maxFailures = 3

var (
	errDown   = errors.New("cache: Redis is not in use")
	errOpened = errors.New("cache: several calls in a row have failed")
)

// read answers r in one round trip, together with the reads of the same ReadBatch if the context has joined one.
func (f *far) read(ctx context.Context, r *farRead) error {
	if p := participantOf(ctx); p.use() {
		return p.batch.read(r)
	}
	return f.readAll(ctx, []*farRead{r})
}

// readAll answers all reads in one round trip. A stamp that does not exist is made by the read itself (SET NX GET), so
// that a fill after the load has something to rest on without a round trip of its own.
func (f *far) readAll(ctx context.Context, reads []*farRead) error {
	pipe := f.client.Pipeline()
	entries := make([][]*redis.StringCmd, len(reads))
	fresh := map[Tag]Stamp{}
	stamps := map[Tag]*redis.StatusCmd{}
	for i, r := range reads {
		entries[i] = make([]*redis.StringCmd, len(r.items))
		for j, item := range r.items {
			entries[i][j] = pipe.Get(ctx, f.prefix+item.key)
			for _, tag := range item.tags {
				if stamps[tag] == nil {
					fresh[tag] = newStamp()
					stamps[tag] = pipe.SetArgs(ctx, f.stampKey(tag), fresh[tag].bytes(), redis.SetArgs{Mode: "NX", Get: true, TTL: stampTTL})
				}
			}
		}
	}
	if err := f.run(ctx, callRead, pipe, f.readIn); err != nil {
		return err
	}
	for i, r := range reads {
		for j := range r.items {
			item := &r.items[j]
			item.raw, _ = entries[i][j].Bytes()
			item.stamps = make([]Stamp, len(item.tags))
			for n, tag := range item.tags {
				item.stamps[n] = stampOr(stamps[tag], fresh[tag])
			}
		}
	}
	return nil
}

// fill writes entries in one round trip. What is lost is a later miss.
func (f *far) fill(ctx context.Context, fills []farFill) error {
	pipe := f.client.Pipeline()
	for _, x := range fills {
		pipe.Set(ctx, f.prefix+x.key, x.value, max(x.ttl, time.Millisecond))
	}
	return f.run(ctx, callFill, pipe, f.writeIn)
}

// replace sets the stamps and then tells the other processes: in one round trip, or in two where the nodes of a cluster
// could get it done in another order. A process that is told first would find the old stamps and trust them. Its answer is
// the place of the announcement in the stream.
func (f *far) replace(ctx context.Context, origin string, tags []Tag, stamps []Stamp) (place string, err error) {
	pipe := f.client.Pipeline()
	for i, tag := range tags {
		pipe.Set(ctx, f.stampKey(tag), stamps[i].bytes(), stampTTL)
	}
	if _, cluster := f.client.(*redis.ClusterClient); cluster {
		if err := f.run(ctx, callReplace, pipe, f.writeIn); err != nil {
			return "", err
		}
		pipe = f.client.Pipeline()
	}
	announced := pipe.XAdd(ctx, f.announcement(origin, tags, stamps))
	pipe.Expire(ctx, f.streamKey(), stampTTL)
	if err = f.run(ctx, callReplace, pipe, f.writeIn); err == nil {
		err = announced.Err()
	}
	return announced.Val(), err
}

// probe asks whether Redis takes writes again. It is the one call that an open breaker lets pass once its time is over, so
// no request ever waits for the answer.
func (f *far) probe(ctx context.Context) error {
	pipe := f.client.Pipeline()
	pipe.Set(ctx, f.prefix+"@@probe", "", time.Minute)
	return f.pass(ctx, callProbe, pipe, f.readIn)
}

// run sends a pipeline unless the breaker is open. Any failure, also of a single command, is an error and counts against
// the breaker; a missing key is no failure, nor is one that holds something else than it should.
func (f *far) run(ctx context.Context, call string, pipe redis.Pipeliner, deadline time.Duration) error {
	if f.breaker.State() != gobreaker.StateClosed {
		return errDown
	}
	return f.pass(ctx, call, pipe, deadline)
}

func (f *far) pass(ctx context.Context, call string, pipe redis.Pipeliner, deadline time.Duration) error {
	return f.guarded(ctx, deadline, func(bounded context.Context) error {
		n, began, step := pipe.Len(), time.Now(), explain.From(ctx).Start(ctx, explain.RoundTrip, call)
		cmds, err := pipe.Exec(bounded)
		err = firstFailure(cmds, err)
		step.End(n, err)
		f.meters.note(call, time.Since(began), err)
		return err
	})
}

// guarded makes a call with a deadline, behind the breaker.
func (f *far) guarded(ctx context.Context, deadline time.Duration, call func(context.Context) error) error {
	done, err := f.breaker.Allow()
	if err != nil {
		return errDown
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), deadline)
	defer cancel()
	err = call(bounded)
	done(err)
	return err
}

// firstFailure is what went wrong with a pipeline.
func firstFailure(cmds []redis.Cmder, whole error) error {
	for _, c := range cmds {
		if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) && !redis.HasErrorPrefix(err, "WRONGTYPE") {
			return err
		}
	}
	return unsent(cmds, whole)
}

// unsent is the error of a pipeline that never got as far as its commands, such as over a connection that is refused its
// password: they know of no error, and the pipeline's own is all that tells.
func unsent(cmds []redis.Cmder, whole error) error {
	if slices.ContainsFunc(cmds, func(c redis.Cmder) bool { return c.Err() != nil }) {
		return nil
	}
	return whole
}

func (f *far) stampKey(tag Tag) string { return f.prefix + "@" + string(tag) }

func (s Stamp) bytes() []byte { return binary.BigEndian.AppendUint64(nil, uint64(s)) }

// stampOr is the stamp that was there, or the one that was made because none was. Bytes that are no stamp are zero,
// which equals nothing.
func stampOr(cmd *redis.StatusCmd, made Stamp) Stamp {
	text, err := cmd.Result()
	switch {
	case errors.Is(err, redis.Nil):
		return made
	case err != nil:
		return 0
	}
	return stampOf(text)
}

func stampOf(text string) Stamp {
	if len(text) != stampSize {
		return 0
	}
	return Stamp(binary.BigEndian.Uint64([]byte(text)))
}
