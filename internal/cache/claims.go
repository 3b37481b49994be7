package cache

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/redis/go-redis/v9"
)

// Claim names something that counts once within a time.
type Claim [16]byte

// maxClaims is how many claims a process remembers: 100 bytes each. Beyond, the oldest may count again where there is no Redis.
const maxClaims = 500_000

// Claims says who is the first to claim something: in the process, and in Redis, where it is in use, among all instances.
type Claims struct {
	engine *Engine
	name   string
	ttl    time.Duration
	known  claimed
}

// claimed is what a process remembers: an otter.Cache. The interface keeps its generic code out of the packages that use the engine.
type claimed interface {
	GetIfPresent(c Claim) (struct{}, bool)
	SetIfAbsent(c Claim, _ struct{}) (struct{}, bool)
}

// NewClaims is claims of a name that are forgotten after a time. Call it before the engine is used.
func (e *Engine) NewClaims(name string, ttl time.Duration) *Claims {
	known := otter.Must(&otter.Options[Claim, struct{}]{MaximumSize: maxClaims, ExpiryCalculator: otter.ExpiryWriting[Claim, struct{}](ttl)})
	e.tables = append(e.tables, known.StopAllGoroutines)
	return &Claims{engine: e, name: name, ttl: ttl, known: known}
}

// Known says that this process knows of the claim.
func (c *Claims) Known(claim Claim) bool {
	_, ok := c.known.GetIfPresent(claim)
	return ok
}

// claimsATime is how many claims one round trip takes to Redis.
const claimsATime = 1000

// Take claims the keys of a map and gives those that nobody had claimed. Where Redis is not in use, nobody else is asked.
func Take[V any](ctx context.Context, c *Claims, wanted map[Claim]V) []Claim {
	mine := make([]Claim, 0, len(wanted))
	for claim := range wanted {
		if _, ok := c.known.SetIfAbsent(claim, struct{}{}); ok {
			mine = append(mine, claim)
		}
	}
	if !c.engine.farReady() {
		return mine
	}
	var first []Claim
	for part := range slices.Chunk(mine, claimsATime) {
		first = append(first, c.engine.far.claim(ctx, c.name, part, c.ttl)...)
	}
	return first
}

// claim is the claims that nobody had made in Redis before; all of them where it fails.
func (f *far) claim(ctx context.Context, name string, claims []Claim, ttl time.Duration) []Claim {
	pipe := f.client.Pipeline()
	made := make([]*redis.BoolCmd, len(claims))
	for i, claim := range claims {
		made[i] = pipe.SetNX(ctx, f.prefix+name+":"+base64.RawURLEncoding.EncodeToString(claim[:]), "", ttl)
	}
	if err := f.run(ctx, callClaim, pipe, f.writeIn); err != nil {
		return claims
	}
	first := make([]Claim, 0, len(claims))
	for i, claim := range claims {
		if made[i].Val() {
			first = append(first, claim)
		}
	}
	return first
}
