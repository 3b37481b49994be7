package account

import (
	"context"
	"errors"
	"math"
	"time"

	"docsquare/internal/errs"
	"docsquare/internal/ratelimit"
	"docsquare/internal/viewer"
)

// unknownTokens bounds how many unknown tokens the clients at an address may send. Each of them is a statement, and an entry of the cache. Its zero
// value has no bound.
type unknownTokens struct {
	limiter *ratelimit.Limiter
	rate    ratelimit.Rate
}

// begin charges a look-up to the address of a viewer, or refuses it with RATE_LIMITED.
func (u unknownTokens) begin(ctx context.Context, v viewer.Viewer) error {
	if u.limiter == nil {
		return nil
	}
	_, err := u.limiter.Take(ctx, 1, u.bucket(v))
	if refused, ok := errors.AsType[*ratelimit.Refused](err); ok {
		wait := time.Duration(math.Ceil(refused.RetryAfter.Seconds())) * time.Second
		e := errs.New(errs.RateLimited, "too many invalid session tokens were sent from your address: wait for %d seconds", int(wait.Seconds()))
		e.RetryAfter = wait
		return e
	}
	return err
}

// found gives the charge of a look-up back.
func (u unknownTokens) found(v viewer.Viewer) {
	if u.limiter != nil {
		u.limiter.Return(1, u.bucket(v))
	}
}

func (u unknownTokens) bucket(v viewer.Viewer) ratelimit.Bucket {
	return ratelimit.Bucket{Key: "unknown-token:" + v.Address, Rate: u.rate}
}
