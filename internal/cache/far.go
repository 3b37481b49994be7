package cache

import (
	"context"
	"encoding/binary"
	"errors"
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
	readIn  time.Duration
	writeIn time.Duration
	held    atomic.Bool // not to be used: stamps are still to be delivered
}

// stampTTL is how long Redis remembers the stamp of a tag that nothing touches. A stamp that is gone is a miss.
const stampTTL = 24 * time.Hour

// stampLife is stampTTL, but for the tag of all entries: the whole cache would go cold with it once a day.
func stampLife(tag Tag) time.Duration {
	if tag == Everything {
		return 0
	}
	return stampTTL
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

var errDown = errors.New("cache: Redis is not in use")

func (f *far) ready() bool { return !f.held.Load() && f.breaker.State() != gobreaker.StateOpen }

// read answers the read, together with those of the same joint, in one round trip.
func (f *far) read(ctx context.Context, r *farRead) error {
	if seat := seatOf(ctx); seat != nil && !seat.left {
		return seat.read(ctx, r)
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
					stamps[tag] = pipe.SetArgs(ctx, f.stampKey(tag), fresh[tag].bytes(), redis.SetArgs{Mode: "NX", Get: true, TTL: stampLife(tag)})
				}
			}
		}
	}
	if err := f.run(ctx, pipe, f.readIn); err != nil {
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
	return f.run(ctx, pipe, f.writeIn)
}

// replace sets the stamps and then tells the other processes: in one round trip, or in two where the nodes of a cluster
// could get it done in another order. A process that is told first would find the old stamps and trust them.
func (f *far) replace(ctx context.Context, origin string, tags []Tag, stamps []Stamp) error {
	pipe := f.client.Pipeline()
	for i, tag := range tags {
		pipe.Set(ctx, f.stampKey(tag), stamps[i].bytes(), stampLife(tag))
	}
	if _, cluster := f.client.(*redis.ClusterClient); cluster {
		if err := f.run(ctx, pipe, f.writeIn); err != nil {
			return err
		}
		pipe = f.client.Pipeline()
	}
	pipe.XAdd(ctx, f.announcement(origin, tags, stamps))
	pipe.Expire(ctx, f.streamKey(), stampTTL)
	return f.run(ctx, pipe, f.writeIn)
}

// run sends a pipeline. Any failure, also of a single command, is an error and counts against the breaker; a missing key
// is no failure.
func (f *far) run(ctx context.Context, pipe redis.Pipeliner, deadline time.Duration) error {
	done, err := f.breaker.Allow()
	if err != nil {
		return errDown
	}
	n, started := pipe.Len(), time.Now()
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), deadline)
	defer cancel()
	cmds, _ := pipe.Exec(bounded)
	explain.From(ctx).RoundTrip(n, time.Since(started))
	err = firstFailure(cmds)
	done(err)
	return err
}

func firstFailure(cmds []redis.Cmder) error {
	for _, c := range cmds {
		if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
	}
	return nil
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
	case err != nil || len(text) != stampSize:
		return 0
	}
	return Stamp(binary.BigEndian.Uint64([]byte(text)))
}
