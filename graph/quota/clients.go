package quota

import (
	"context"
	"errors"
	"math"
	"time"

	"docsquare/graph/request"
	"docsquare/internal/errs"
	"docsquare/internal/limit/admission"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/viewer"
)

// Clients charges requests to the clients that send them. Without a limiter everything is free.
type Clients struct {
	Limiter *ratelimit.Limiter
	Budgets Budgets
	Gate    *admission.Gate // is charged with the cost of requests; nil for none
}

// Take charges points to the budget of the account, or of the address of a guest, and to that of all clients. The error is RATE_LIMITED if
// one of them has not enough, and COST_LIMIT_EXCEEDED if it never has. What is the subject of its message.
func (c Clients) Take(ctx context.Context, v viewer.Viewer, points int, what string) (request.Charge, error) {
	charge := request.Charge{Cost: points}
	if c.Limiter == nil {
		return charge, nil
	}
	charge.Buckets = c.bucketsOf(v)
	charge.Rate = charge.Buckets[0].Rate
	states, err := c.Limiter.Take(ctx, points, charge.Buckets...)
	if err != nil {
		return charge, refused(err, what)
	}
	charge.State, charge.At = states[0], time.Now()
	return charge, nil
}

// Key identifies a client: its account, or the address of a guest.
func Key(v viewer.Viewer) string {
	if v.Guest() {
		return "address:" + v.Address
	}
	return "user:" + v.UserID.String()
}

// Client returns the Key of the viewer of a request.
func Client(of *request.Request) string {
	if charged := of.Charge.Buckets; len(charged) > 0 { // the first is its own
		return charged[0].Key
	}
	return Key(of.Viewer)
}

// note adds what a request did cost to the debt of its client.
func (c Clients) note(of *request.Request, points int) {
	if c.Gate != nil {
		c.Gate.Note(Client(of), points)
	}
}

// bucketsOf returns the budgets that a viewer is charged to, its own first.
func (c Clients) bucketsOf(v viewer.Viewer) []ratelimit.Bucket {
	own := ratelimit.Bucket{Key: Key(v), Rate: c.Budgets.Address}
	if !v.Guest() {
		own.Rate = c.Budgets.User
	}
	return []ratelimit.Bucket{own, {Key: "everybody", Rate: c.Budgets.Global}}
}

// affordable returns COST_LIMIT_EXCEEDED if one of the budgets never has so many points.
func (c Clients) affordable(v viewer.Viewer, points int, what string) error {
	for _, b := range c.bucketsOf(v) {
		if b.Rate.Points > 0 && b.Rate.Window > 0 && points > b.Rate.Points {
			return refused(&ratelimit.TooLarge{Bucket: b, Cost: points}, what)
		}
	}
	return nil
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
