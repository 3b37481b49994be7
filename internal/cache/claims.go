package cache

import (
	"context"
	"time"

	"github.com/maypok86/otter/v2"
)

// Claim identifies something that counts once within a time.
type Claim [16]byte

// maxClaims is how many claims a process remembers: 100 bytes each. Beyond that, without a far tier, the oldest may count again.
const maxClaims = 500_000

// Claims finds out who is the first to claim something: in this process and, through the far tier, among all instances.
type Claims struct {
	engine *Engine
	name   string
	ttl    time.Duration
	known  claimed
}

// claimed is the part of an otter.Cache that Claims uses. The interface keeps its generic code out of the packages that import this one.
type claimed interface {
	GetIfPresent(c Claim) (struct{}, bool)
	SetIfAbsent(c Claim, _ struct{}) (struct{}, bool)
}

// NewClaims returns the claims of a name, which expire after the ttl. Call it before the engine is used.
func (e *Engine) NewClaims(name string, ttl time.Duration) *Claims {
	known := otter.Must(&otter.Options[Claim, struct{}]{MaximumSize: maxClaims, ExpiryCalculator: otter.ExpiryWriting[Claim, struct{}](ttl)})
	e.tables = append(e.tables, known.StopAllGoroutines)
	return &Claims{engine: e, name: name, ttl: ttl, known: known}
}

// Known reports whether this process knows of a claim.
func (c *Claims) Known(claim Claim) bool {
	_, ok := c.known.GetIfPresent(claim)
	return ok
}

// Take claims the keys of a map and returns those that were not claimed before. If the far tier is unavailable, only claims of this process
// count.
func Take[V any](ctx context.Context, c *Claims, wanted map[Claim]V) []Claim {
	mine := make([]Claim, 0, len(wanted))
	for claim := range wanted {
		if _, ok := c.known.SetIfAbsent(claim, struct{}{}); ok {
			mine = append(mine, claim)
		}
	}
	return c.engine.far.Claim(ctx, c.name, mine, c.ttl)
}
