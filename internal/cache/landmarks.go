package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// landmarks are what stays the same about Redis while it forgets nothing. A run is one life of one server with one history
// of its data: one that came back from a snapshot, or that took over from another without all that was written there, may
// have forgotten stamps and kept the entries that rest on older ones.
type landmarks struct {
	runs  []string // of all servers that are written to
	known string   // the runs that stamps were last trusted under; empty in a Redis that was emptied
	added int64    // changes ever added to the stream: it falls only where the stream is another one
}

var (
	errAnotherRun    = errors.New("cache: Redis is not the servers that it was")
	errAnotherStream = errors.New("cache: the stream of stamp changes is another than before")
)

func (f *far) runsKey() string { return f.prefix + "@@runs" }

func (m landmarks) joined() string { return strings.Join(m.runs, " ") }

// survey looks around before Redis is used. Where it is no longer the servers, in the runs, that it was, or was emptied,
// the far tier starts anew for everybody: a cold cache is acceptable, a stale one is not.
func (e *Engine) survey(ctx context.Context) (landmarks, error) {
	m, err := e.far.landmarks(ctx)
	if err != nil {
		return m, err
	}
	e.far.runs.Store(&m.runs)
	if m.known == m.joined() {
		return m, nil
	}
	e.log.InfoContext(ctx, "Redis is another than before: the cache starts cold")
	if _, err := e.far.replace(ctx, e.origin, []Tag{Everything}, []Stamp{newStamp()}); err != nil {
		return m, err
	}
	m.known = m.joined()
	return m, e.far.guarded(ctx, e.far.writeIn, func(ctx context.Context) error {
		return e.far.client.Set(ctx, e.far.runsKey(), m.known, stampTTL).Err()
	})
}

// check looks whether everything is still where it was.
func (e *Engine) check(ctx context.Context, before landmarks) (landmarks, error) {
	now, err := e.far.landmarks(ctx)
	switch {
	case err != nil:
		return now, err
	case now.known != now.joined() || !slices.Equal(now.runs, before.runs):
		return now, errAnotherRun
	case now.added < before.added:
		return now, errAnotherStream
	}
	return now, nil
}

// landmarks looks around, and renews the time of what all entries rest on.
func (f *far) landmarks(ctx context.Context) (m landmarks, err error) {
	err = f.guarded(ctx, f.writeIn, func(ctx context.Context) error {
		if m.runs, err = f.presentRuns(ctx); err != nil {
			return err
		}
		pipe := f.client.Pipeline()
		known, stream := pipe.Get(ctx, f.runsKey()), pipe.XInfoStream(ctx, f.streamKey())
		for _, key := range []string{f.runsKey(), f.stampKey(Everything), f.streamKey()} {
			pipe.Expire(ctx, key, stampTTL)
		}
		if err := unsent(pipe.Exec(ctx)); err != nil {
			return err // otherwise each answer has its own
		}
		m.known = known.Val()
		if info, err := stream.Result(); err == nil {
			m.added = info.EntriesAdded
		} else if !strings.Contains(err.Error(), "no such key") {
			return err
		}
		if err := known.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
		return nil
	})
	return m, err
}

// greet looks at a new connection. It may be one to a server that was restarted so fast that nobody has noticed.
func (e *Engine) greet(ctx context.Context, cn *redis.Conn) error {
	known := e.far.runs.Load()
	if known == nil { // nothing has been read from Redis yet
		return nil
	}
	present, replica, err := run(ctx, cn)
	if err == nil && !replica && !slices.Contains(*known, present) {
		e.lose(errAnotherRun)
	}
	return err
}

// presentRuns names the present runs of all servers that are written to.
func (f *far) presentRuns(ctx context.Context) ([]string, error) {
	var all []string
	err := eachMaster(ctx, f.client, func(ctx context.Context, node *redis.Client) error {
		one, _, err := run(ctx, node)
		all = append(all, one)
		return err
	})
	slices.Sort(all)
	return all, err
}

// run names the present run of a server, and says whether the server only copies another.
func run(ctx context.Context, server interface{ Pipeline() redis.Pipeliner }) (name string, replica bool, err error) {
	pipe := server.Pipeline()
	life, data := pipe.Info(ctx, "server"), pipe.Info(ctx, "replication")
	if _, err := pipe.Exec(ctx); err != nil {
		return "", false, err
	}
	of, copied := infoOf(life.Val()), infoOf(data.Val())
	if of["run_id"] == "" || copied["master_replid"] == "" {
		return "", false, fmt.Errorf("cache: Redis does not say which run it is in: %.80q", life.Val())
	}
	return of["run_id"] + "." + copied["master_replid"], copied["role"] == "slave", nil
}
