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

// failures bounds how many unknown tokens the clients at an address may send. Each of them is a statement, and an entry of the cache. Its zero
// value has no bound.
type failures struct {
	limiter *ratelimit.Limiter
	rate    ratelimit.Rate
}

// LimitUnknownTokens bounds how many tokens that the cache does not know are looked up for the address of the context's viewer and found not to
// exist. Sessions in the cache are not affected. Call it before the first request.
func (s *Service) LimitUnknownTokens(l *ratelimit.Limiter, rate ratelimit.Rate) { s.failures = failures{l, rate} }

// begin charges a look-up to the address of a viewer, or refuses it with RATE_LIMITED.
func (f failures) begin(ctx context.Context, v viewer.Viewer) error {
	if f.limiter == nil {
		return nil
	}
	_, err := f.limiter.Take(ctx, 1, f.bucket(v))
	if refused, ok := errors.AsType[*ratelimit.Refused](err); ok {
		wait := time.Duration(math.Ceil(refused.RetryAfter.Seconds())) * time.Second
		e := errs.New(errs.RateLimited, "too many invalid session tokens were sent from your address: wait for %d seconds", int(wait.Seconds()))
		e.RetryAfter = wait
		return e
	}
	return err
}

// found gives the charge of a look-up back.
func (f failures) found(v viewer.Viewer) {
	if f.limiter != nil {
		f.limiter.Return(1, f.bucket(v))
	}
}

func (f failures) bucket(v viewer.Viewer) ratelimit.Bucket {
	return ratelimit.Bucket{Key: "unknown-token:" + v.Address, Rate: f.rate}
}
