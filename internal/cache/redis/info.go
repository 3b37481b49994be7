package redis

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// info is the fields of an answer to INFO or CLUSTER INFO, by name.
type info map[string]string

// parseInfo parses lines of the form NAME:VALUE.
func parseInfo(text string) info {
	out := info{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[name] = value
		}
	}
	return out
}

// number returns a numeric field, or zero if it is missing.
func (i info) number(name string) int64 {
	n, _ := strconv.ParseInt(i[name], 10, 64) // an error gives zero
	return n
}

// eachMaster calls a function for every server that accepts writes, one after the other.
func eachMaster(ctx context.Context, client redis.UniversalClient, call func(context.Context, *redis.Client) error) error {
	cluster, ok := client.(*redis.ClusterClient)
	if !ok {
		return call(ctx, client.(*redis.Client)) // see newClient
	}
	var mu sync.Mutex
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		return call(ctx, node)
	})
}
