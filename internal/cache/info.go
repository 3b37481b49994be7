package cache

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// info is what a server says of itself, by name.
type info map[string]string

// infoOf takes a text of lines NAME:VALUE apart, as INFO and CLUSTER INFO answer.
func infoOf(text string) info {
	out := info{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out[name] = value
		}
	}
	return out
}

// number is a number by its name, zero where there is none.
func (i info) number(name string) int64 {
	n, _ := strconv.ParseInt(i[name], 10, 64) // what is not there is zero
	return n
}

// eachMaster makes a call for every server that is written to, one after the other.
func eachMaster(ctx context.Context, client redis.UniversalClient, call func(context.Context, *redis.Client) error) error {
	cluster, ok := client.(*redis.ClusterClient)
	if !ok {
		return call(ctx, client.(*redis.Client)) // as newClient makes it
	}
	var mu sync.Mutex
	return cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		return call(ctx, node)
	})
}
