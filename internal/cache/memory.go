package cache

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// FarMemory is what Redis takes and may take, in bytes, all of its masters together; a limit of 0 is none. False where it is
// not in use, or does not say.
func (e *Engine) FarMemory(ctx context.Context) (used, limit int64, ok bool) {
	if !e.farReady() {
		return 0, 0, false
	}
	err := e.far.guarded(ctx, e.far.readIn, func(ctx context.Context) error {
		return eachMaster(ctx, e.far.client, func(ctx context.Context, node *redis.Client) error {
			text, err := node.Info(ctx, "memory").Result()
			says := infoOf(text)
			used += says.number("used_memory")
			limit += says.number("maxmemory")
			return err
		})
	})
	return used, limit, err == nil
}
