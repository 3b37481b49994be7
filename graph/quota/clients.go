package quota

import (
	"context"
	"errors"
	"math"
	"time"

	"docsquare/graph/request"
	"docsquare/internal/errs"
	"docsquare/internal/ratelimit"
	"docsquare/internal/viewer"
)

// Clients charges requests to the clients that send them. Without a limiter everything is free.
type Clients struct {
	Limiter *ratelimit.Limiter
	Budgets Budgets
}

// Take charges points to the budget of the account, or of the address of a guest, and to that of all clients. The error is RATE_LIMITED if
// one of them has not enough, and COST_LIMIT_EXCEEDED if it never has. What is the subject of its message.
func (c Clients) Take(ctx context.Context, v viewer.Viewer, points int, what string) (request.Charge, error) {
	charge := request.Charge{Cost: points}
	if c.Limiter == nil {
		return charge, nil
	}
	own := ratelimit.Bucket{Key: "address:" + v.Address, Rate: c.Budgets.Address}
	if !v.Guest() {
		own = ratelimit.Bucket{Key: "user:" + v.UserID.String(), Rate: c.Budgets.User}
	}
	charge.Rate, charge.Buckets = own.Rate, []ratelimit.Bucket{own, {Key: "everybody", Rate: c.Budgets.Global}}
	states, err := c.Limiter.Take(ctx, points, charge.Buckets...)
	if err != nil {
		return charge, refused(err, what)
	}
	charge.State, charge.At = states[0], time.Now()
	return charge, nil
}

// refused returns the error for a client whose budget or limit is used up.
func refused(err error, what string) error {
	if r, ok := errors.AsType[*ratelimit.Refused](err); ok {
		wait := max(time.Duration(math.Ceil(r.RetryAfter.Seconds()))*time.Second, time.Second)
		e := errs.New(errs.RateLimited, "too many requests: %s must wait for %d seconds", what, int(wait.Seconds()))
		e.RetryAfter = wait
		return e
	}
	if large, ok := errors.AsType[*ratelimit.TooLarge](err); ok {
		return errs.New(errs.CostLimitExceeded, "%s costs %d points, more than the whole budget of %d: ask for less", what, large.Cost, large.Bucket.Rate.Points)
	}
	return err
}
