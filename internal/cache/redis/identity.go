package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
	"docsquare/internal/cache/sabotage"
	"docsquare/internal/cache/tags"
)

// ServerIdentity is what stays the same about Redis unless it may have lost data. A run ID names one start of one server with one
// replication history. A server that was restored from a snapshot, or that took over from another one without all of its
// writes, has another run ID: it may have lost stamps and kept entries with older ones.
type ServerIdentity struct {
	runIDs []string // of all servers that accept writes
	stored string   // the run IDs that the stamps belong to, as noted in Redis; empty if Redis was emptied
	added  int64    // changes ever added to the stream: a lower number than before means another stream
}

var (
	errServerChanged = errors.New("cache: redis server changed")
	errStreamChanged = errors.New("cache: stream of changes was replaced")
)

func (t *Tier) runIDsKey() string { return t.prefix + "@@runs" }

func (id ServerIdentity) joined() string { return strings.Join(id.runIDs, " ") }

// verify reads the identity before Redis is used. If the servers are not those that Redis has noted, or Redis was emptied, verify
// invalidates all entries of the far tier and notes the new identity.
func (t *Tier) verify(ctx context.Context) (ServerIdentity, error) {
	id, err := t.identity(ctx)
	if err != nil {
		return id, err
	}
	t.runIDs.Store(&id.runIDs)
	if id.stored == id.joined() || sabotage.Has(sabotage.AnyServer) {
		return id, nil
	}
	t.log.InfoContext(ctx, "redis identity changed, invalidating cache")
	if _, err := t.replace(ctx, []cache.Tag{cache.Everything}, []cache.Stamp{tags.NewStamp()}); err != nil {
		return id, err
	}
	id.stored = id.joined()
	return id, t.guarded(ctx, t.writeTimeout, func(ctx context.Context) error {
		return t.client.Set(ctx, t.runIDsKey(), id.stored, stampTTL).Err()
	})
}

// check returns an error if the identity is not the same as before.
func (t *Tier) check(ctx context.Context, before ServerIdentity) (ServerIdentity, error) {
	now, err := t.identity(ctx)
	switch {
	case err != nil || sabotage.Has(sabotage.AnyServer):
		return now, err
	case now.stored != now.joined() || !slices.Equal(now.runIDs, before.runIDs):
		return now, errServerChanged
	case now.added < before.added:
		return now, errStreamChanged
	}
	return now, nil
}

// identity reads the identity, and extends the TTL of the keys that all entries depend on.
func (t *Tier) identity(ctx context.Context) (id ServerIdentity, err error) {
	err = t.guarded(ctx, t.writeTimeout, func(ctx context.Context) error {
		if id.runIDs, err = t.readRunIDs(ctx); err != nil {
			return err
		}
		pipe := t.client.Pipeline()
		stored, stream := pipe.Get(ctx, t.runIDsKey()), pipe.XInfoStream(ctx, t.streamKey())
		for _, key := range []string{t.runIDsKey(), t.stampKey(cache.Everything), t.streamKey()} {
			pipe.Expire(ctx, key, stampTTL)
		}
		if err := unsent(pipe.Exec(ctx)); err != nil {
			return err // otherwise each command has its own error
		}
		id.stored = stored.Val()
		if info, err := stream.Result(); err == nil {
			id.added = info.EntriesAdded
		} else if !strings.Contains(err.Error(), "no such key") {
			return err
		}
		if err := stored.Err(); err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
		return nil
	})
	return id, err
}

// onConnect checks the server of a new connection: it may have been restarted between two calls of check.
func (t *Tier) onConnect(ctx context.Context, cn *redis.Conn) error {
	known := t.runIDs.Load()
	if known == nil { // nothing has been read from Redis yet
		return nil
	}
	id, replica, err := runID(ctx, cn)
	if err == nil && !replica && !sabotage.Has(sabotage.AnyServer) && !slices.Contains(*known, id) {
		t.degrade(errServerChanged)
	}
	return err
}

// readRunIDs returns the run IDs of all servers that accept writes.
func (t *Tier) readRunIDs(ctx context.Context) ([]string, error) {
	var all []string
	err := eachMaster(ctx, t.client, func(ctx context.Context, node *redis.Client) error {
		one, _, err := runID(ctx, node)
		all = append(all, one)
		return err
	})
	slices.Sort(all)
	return all, err
}

// runID returns the run ID of a server, and whether the server is a replica.
func runID(ctx context.Context, server interface{ Pipeline() redis.Pipeliner }) (id string, replica bool, err error) {
	pipe := server.Pipeline()
	process, replication := pipe.Info(ctx, "server"), pipe.Info(ctx, "replication")
	if _, err := pipe.Exec(ctx); err != nil {
		return "", false, err
	}
	p, r := parseInfo(process.Val()), parseInfo(replication.Val())
	if p["run_id"] == "" || r["master_replid"] == "" {
		return "", false, fmt.Errorf("cache: INFO of redis has no run_id or master_replid: %.80q", process.Val())
	}
	return p["run_id"] + "." + r["master_replid"], r["role"] == "slave", nil
}
