// Package claims finds out who is the first to claim something within a time: in this process and, through the far tier of the cache, among all
// instances.
package claims

import (
	"context"
	"sync"
	"time"

	"docsquare/internal/cache"
)

// maxClaims is how many claims a process remembers: about 100 bytes each. Beyond that, without a far tier, the oldest may count again.
const maxClaims = 500_000

// Claims are the claims of one name. It is safe for concurrent use.
type Claims struct {
	far  cache.Far
	name string
	ttl  time.Duration

	mu      sync.Mutex
	expires map[cache.Claim]time.Time
	order   []cache.Claim // the oldest first
}

// New returns the claims of a name, which expire after the ttl.
func New(far cache.Far, name string, ttl time.Duration) *Claims {
	return &Claims{far: far, name: name, ttl: ttl, expires: map[cache.Claim]time.Time{}}
}

// Known reports whether this process knows of a claim.
func (c *Claims) Known(claim cache.Claim) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Before(c.expires[claim])
}

// Take makes claims and returns those that were not made before. If the far tier is unavailable, only claims of this process count.
func (c *Claims) Take(ctx context.Context, wanted []cache.Claim) []cache.Claim {
	return c.far.Claim(ctx, c.name, c.takeHere(wanted), c.ttl)
}

// takeHere makes claims in this process.
func (c *Claims) takeHere(wanted []cache.Claim) []cache.Claim {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, mine := time.Now(), make([]cache.Claim, 0, len(wanted))
	for _, claim := range wanted {
		if now.Before(c.expires[claim]) {
			continue
		}
		for len(c.order) > 0 && (len(c.order) >= maxClaims || !now.Before(c.expires[c.order[0]])) {
			delete(c.expires, c.order[0])
			c.order = c.order[1:]
		}
		c.expires[claim] = now.Add(c.ttl)
		c.order = append(c.order, claim)
		mine = append(mine, claim)
	}
	return mine
}
