package cache

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Client is a client for one Redis: single, Sentinel or Cluster. One engine has one of its own.
type Client struct {
	redis.UniversalClient
	greet atomic.Pointer[func(context.Context, *redis.Conn) error] // looks at each new connection
}

func newClient(o *redis.UniversalOptions) *Client {
	c := &Client{}
	o.OnConnect = func(ctx context.Context, cn *redis.Conn) error {
		if greet := c.greet.Load(); greet != nil {
			return (*greet)(ctx, cn)
		}
		return nil
	}
	c.UniversalClient = redis.NewUniversalClient(o)
	return c
}

// Connect makes the client for a Redis URL: redis:// or rediss:// with one address, or with several of a cluster
// (redis://A,B), or redis-sentinel://MASTER@A,B. It is nil for an empty URL. It does not reach out yet: a Redis that is
// away is no error. Deadlines are those of the engine; the client retries nothing.
func Connect(redisURL, password string, db int) (*Client, error) {
	if redisURL == "" {
		return nil, nil //nolint:nilnil // no Redis is a choice
	}
	u, err := url.Parse(redisURL)
	if err != nil {
		return nil, errors.New("REDIS_URL is no URL: write special characters of the password as %XX") // err shows the password
	}
	o := &redis.UniversalOptions{
		Addrs: strings.Split(u.Host, ","), Password: password, DB: db, ContextTimeoutEnabled: true, MaxRetries: -1,
		DialTimeout: 100 * time.Millisecond, ReadTimeout: 200 * time.Millisecond, WriteTimeout: 200 * time.Millisecond,
		PoolTimeout: 50 * time.Millisecond, PoolSize: 32, DialerRetries: 1,
	}
	switch u.Scheme {
	case "redis", "rediss", "unix":
		if len(o.Addrs) == 1 {
			return single(redisURL, o)
		}
	case "redis-sentinel":
		o.MasterName = u.User.Username()
		return newClient(o), nil
	default:
		return nil, fmt.Errorf("REDIS_URL must begin with redis://, rediss:// or redis-sentinel://, but begins with %q", u.Scheme)
	}
	if u.Scheme == "rediss" {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12} // each node is held to its own name
	}
	o.Username = u.User.Username()
	if p, ok := u.User.Password(); ok && password == "" {
		o.Password = p
	}
	return newClient(o), nil
}

// single reads everything that a URL of one server can say, such as TLS and the number of the database.
func single(redisURL string, o *redis.UniversalOptions) (*Client, error) {
	parsed, err := redis.ParseURL(redisURL)
	if err != nil {
		return nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	o.Addrs, o.TLSConfig, o.Username = []string{parsed.Addr}, parsed.TLSConfig, parsed.Username
	if o.Password == "" {
		o.Password = parsed.Password
	}
	if o.DB == 0 {
		o.DB = parsed.DB
	}
	return newClient(o), nil
}
