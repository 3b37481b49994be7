package redis

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Memory returns the memory that Redis uses and its limit, in bytes, summed over all masters; a limit of 0 means none. It
// returns false if Redis is unavailable or does not answer.
func (t *Tier) Memory(ctx context.Context) (used, limit int64, ok bool) {
	if !t.receiver.Available() {
		return 0, 0, false
	}
	err := t.guarded(ctx, t.readTimeout, func(ctx context.Context) error {
		return eachMaster(ctx, t.client, func(ctx context.Context, node *redis.Client) error {
			text, err := node.Info(ctx, "memory").Result()
			i := parseInfo(text)
			used += i.number("used_memory")
			limit += i.number("maxmemory")
			return err
		})
	})
	return used, limit, err == nil
}
