package cache

import (
	"context"
	"regexp"
	"strconv"
	"sync"

	"github.com/redis/go-redis/v9"
)

var (
	usedMemory = regexp.MustCompile(`(?m)^used_memory:(\d+)`)
	maxMemory  = regexp.MustCompile(`(?m)^maxmemory:(\d+)`)
)

// FarMemory is what Redis takes and may take, in bytes, all of its masters together; a limit of 0 is none. False where it is
// not in use, or does not say.
func (e *Engine) FarMemory(ctx context.Context) (used, limit int64, ok bool) {
	if !e.farReady() {
		return 0, 0, false
	}
	err := e.far.guarded(ctx, e.far.readIn, func(ctx context.Context) error {
		return e.far.eachMaster(ctx, func(ctx context.Context, node redis.UniversalClient) error {
			text, err := node.Info(ctx, "memory").Result()
			used += numberIn(usedMemory, text)
			limit += numberIn(maxMemory, text)
			return err
		})
	})
	return used, limit, err == nil
}

// eachMaster calls f for every server that is written to, one after the other.
func (f *far) eachMaster(ctx context.Context, call func(context.Context, redis.UniversalClient) error) error {
	cluster, ok := f.client.(*redis.ClusterClient)
	if !ok {
		return call(ctx, f.client)
	}
	var mu sync.Mutex
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		return call(ctx, node)
	})
}

func numberIn(pattern *regexp.Regexp, text string) int64 {
	found := pattern.FindStringSubmatch(text)
	if found == nil {
		return 0
	}
	n, _ := strconv.ParseInt(found[1], 10, 64) // digits, and no more than a machine has of bytes
	return n
}
