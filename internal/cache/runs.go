package cache

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// A run is one life of one Redis server. One that came back from a snapshot, or that took over from another without all
// that was written there, may have forgotten stamps and kept the entries that rest on older ones.

func (f *far) runsKey() string { return f.prefix + "@@runs" }

var runID = regexp.MustCompile(`(?m)^run_id:(\w+)`)

// checkRuns empties the far tier for everybody where Redis is no longer the servers, in the runs, that it was: a cold
// cache is acceptable, a stale one is not.
func (e *Engine) checkRuns(ctx context.Context) error {
	servers, err := e.far.runs(ctx)
	if err != nil {
		return err
	}
	e.runs.Store(&servers)
	present := strings.Join(servers, " ")
	known, err := e.far.client.Get(ctx, e.far.runsKey()).Result()
	if err != nil && !errors.Is(err, redis.Nil) || err == nil && known == present {
		return err
	}
	e.log.InfoContext(ctx, "Redis is another than before: the cache starts cold")
	if err := e.far.replace(ctx, e.origin, []Tag{Everything}, []Stamp{newStamp()}); err != nil {
		return err
	}
	e.cells.replace(Everything, 0)
	return e.far.client.Set(ctx, e.far.runsKey(), present, 0).Err()
}

// greet looks at a new connection. It may be one to a server that was restarted so fast that nobody has noticed: Redis is
// not used again before the follower has compared the runs.
func (e *Engine) greet(ctx context.Context, cn *redis.Conn) error {
	known := e.runs.Load()
	if known == nil { // nothing has been read from Redis yet
		return nil
	}
	present, err := run(ctx, cn)
	if err == nil && !slices.Contains(*known, present) {
		e.following.Store(false)
	}
	return err
}

// runs names the present runs of all servers that are written to.
func (f *far) runs(ctx context.Context) ([]string, error) {
	cluster, ok := f.client.(*redis.ClusterClient)
	if !ok {
		one, err := run(ctx, f.client)
		return []string{one}, err
	}
	var mu sync.Mutex
	var all []string
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		one, err := run(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, one)
		return err
	})
	slices.Sort(all)
	return all, err
}

func run(ctx context.Context, server redis.Cmdable) (string, error) {
	text, err := server.Info(ctx, "server").Result()
	if err != nil {
		return "", err
	}
	found := runID.FindStringSubmatch(text)
	if found == nil {
		return "", errors.New("cache: Redis does not say which run it is in")
	}
	return found[1], nil
}
