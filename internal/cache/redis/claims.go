package redis

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/cache"
)

// claimsPerCall is how many claims one round trip sends.
const claimsPerCall = 1000

// Claim stores claims for the ttl and returns those that were not there. It returns all that it cannot store.
func (t *Tier) Claim(ctx context.Context, name string, claims []cache.Claim, ttl time.Duration) []cache.Claim {
	if !t.receiver.Available() {
		return claims
	}
	var first []cache.Claim
	for part := range slices.Chunk(claims, claimsPerCall) {
		first = append(first, t.claim(ctx, name, part, ttl)...)
	}
	return first
}

func (t *Tier) claim(ctx context.Context, name string, claims []cache.Claim, ttl time.Duration) []cache.Claim {
	pipe := t.client.Pipeline()
	set := make([]*redis.BoolCmd, len(claims))
	for i, claim := range claims {
		set[i] = pipe.SetNX(ctx, t.prefix+name+":"+base64.RawURLEncoding.EncodeToString(claim[:]), "", ttl)
	}
	if err := t.run(ctx, callClaim, pipe, t.writeTimeout); err != nil {
		return claims
	}
	first := make([]cache.Claim, 0, len(claims))
	for i, claim := range claims {
		if set[i].Val() {
			first = append(first, claim)
		}
	}
	return first
}
