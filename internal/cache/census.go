package cache

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Census is what stands in Redis under the prefix.
type Census struct {
	Entries  map[string]int64 // by kind
	Stamps   int64
	Others   int64 // of other releases, or of what is no entry, such as budgets
	Used     int64 // bytes that Redis takes in all
	MayUse   int64 // bytes; 0: no limit
	Examined int64
}

// scanned is how many keys one round trip of a census looks at.
const scanned = 1000

var errNoRedis = errors.New("Redis is not in use: REDIS_URL is empty, or leads to no Redis in order") //nolint:staticcheck // Redis is a name

// Census counts the keys in Redis, which takes a round trip for each thousand of them. Progress is told how many were seen.
func (e *Engine) Census(ctx context.Context, progress func(seen int64)) (Census, error) {
	c := Census{Entries: map[string]int64{}}
	if !e.farReady() {
		return c, errNoRedis
	}
	err := eachMaster(ctx, e.far.client, func(ctx context.Context, node *redis.Client) error {
		for cursor := uint64(0); ; {
			keys, next, err := node.Scan(ctx, cursor, escaped(e.options.Prefix)+"*", scanned).Result()
			if err != nil {
				return err
			}
			for _, key := range keys {
				e.class(&c, key)
			}
			c.Examined += int64(len(keys))
			progress(c.Examined)
			if cursor = next; cursor == 0 {
				return nil
			}
		}
	})
	c.Used, c.MayUse, _ = e.FarMemory(ctx)
	return c, err
}

// class counts one key.
func (e *Engine) class(c *Census, key string) {
	rest, ours := strings.CutPrefix(key, e.far.prefix)
	name, _, _ := strings.Cut(rest, ".")
	switch {
	case ours && strings.HasPrefix(rest, "@") && !strings.HasPrefix(rest, "@@"):
		c.Stamps++
	case ours && e.kinds[name] != nil && strings.HasPrefix(rest, e.kinds[name].prefix):
		c.Entries[name]++
	default:
		c.Others++
	}
}

// escaped is a prefix in which no letter is a pattern.
func escaped(prefix string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(prefix)
}
