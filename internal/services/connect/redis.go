// Package connect opens what a server has in Redis. It is not part of app because every package that names the types of the client
// compiles their methods: this one is compiled again only when the connection changes.
package connect

import (
	"context"
	"log/slog"

	"docsquare/internal/cache"
	"docsquare/internal/cache/redis"
	"docsquare/internal/config"
	"docsquare/internal/limit/ratelimit"
)

// Tier is a redis.Tier.
type Tier interface {
	cache.Far
	KeyspaceStats(ctx context.Context, kindOf func(key string) (kind string, ok bool), progress func(scanned int64)) (redis.KeyspaceStats, error)
}

// Redis is what a server has in Redis, or in the process without REDIS_URL.
type Redis struct {
	Far   Tier               // nil without REDIS_URL; its engine closes it
	Rates *ratelimit.Limiter // nil: no limits over time
	Close func() error       // closes the rest
}

// OpenRedis makes the connections of a configuration. It does not call the servers yet.
func OpenRedis(cfg config.Config, log *slog.Logger) (Redis, error) {
	r := Redis{Close: func() error { return nil }}
	client, err := redis.Connect(RedisEndpoint(cfg))
	if err != nil {
		return r, err
	}
	if client != nil {
		r.Close = client.Close
		r.Far = redis.NewTier(client, redis.Options{
			Prefix: cfg.CachePrefix, ReadTimeout: cfg.RedisReadTimeout, WriteTimeout: cfg.RedisWriteTimeout, Log: log,
		})
	}
	if cfg.LimitsRates() {
		r.Rates = ratelimit.New(ratelimit.Options{Redis: client.Universal(), Prefix: cfg.CachePrefix, Timeout: cfg.RedisReadTimeout, Log: log})
		closeClient := r.Close
		r.Close = func() error {
			r.Rates.Close()
			return closeClient()
		}
	}
	return r, nil
}

// RedisEndpoint returns how the configuration reaches Redis. Its connections wait for as long as any call of the tier may take.
func RedisEndpoint(cfg config.Config) redis.Endpoint {
	return redis.Endpoint{
		URL: cfg.RedisURL, Username: cfg.RedisUsername, Password: cfg.RedisPassword, SentinelPassword: cfg.RedisSentinelPassword,
		DB: cfg.RedisDB, CAFile: cfg.RedisCAFile, Timeout: max(cfg.RedisReadTimeout, cfg.RedisWriteTimeout),
	}
}
