// Package quota charges clients for operations: the estimate before an operation runs, against the budgets of the account or address and of all
// clients, and a refund of what the operation did not cost. It also enforces the rate limits of fields. It does not know what fields mean.
package quota

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/limits"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/ratelimit"
	"docsquare/internal/viewer"
)

// Budgets are what clients may spend. A zero rate is no budget.
type Budgets struct {
	User    ratelimit.Rate // of an account
	Address ratelimit.Rate // of the guests at an address
	Global  ratelimit.Rate // of all together
}

// ParseBudgets reads the budgets of accounts, of addresses and of all, each in points within a time, such as 60000/1m; 0 is
// none.
func ParseBudgets(user, address, global string) (b Budgets, err error) {
	var problems []error
	for _, x := range []struct {
		name, text string
		rate       *ratelimit.Rate
	}{{"RATE_USER", user, &b.User}, {"RATE_ADDRESS", address, &b.Address}, {"RATE_GLOBAL", global, &b.Global}} {
		if *x.rate, err = ratelimit.ParseRate(x.text); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", x.name, err))
		}
	}
	return b, errors.Join(problems...)
}

// Extension charges operations. It is an extension of the handler; add it after the limits, so that what those refuse costs no more than the
// admission. Without a limiter everything is free.
type Extension struct {
	clients Clients
	limiter *ratelimit.Limiter // of clients
	fields  map[field][]limit
}

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = (*Extension)(nil)

// New returns an extension with these budgets and the rate limits of the fields of a schema. It fails if one of those cannot
// be read. A nil limiter limits nothing.
func New(l *ratelimit.Limiter, b Budgets, schema graphql.ExecutableSchema) (*Extension, error) {
	fields, err := limitsOf(schema.Schema())
	return &Extension{clients: Clients{l, b}, limiter: l, fields: fields}, err
}

// ExtensionName names the extension.
func (*Extension) ExtensionName() string { return "Quota" }

// Validate accepts every schema.
func (*Extension) Validate(graphql.ExecutableSchema) error { return nil }

// Charge is what was charged for an operation, and what is left.
type Charge struct {
	Cost    int             // by the estimate, in points
	State   ratelimit.State // of the client's budget
	Rate    ratelimit.Rate  // of the client's budget
	At      time.Time
	buckets []ratelimit.Bucket
}

const extension = "docsquareCharge"

// ChargeOf is what was charged for an operation; its zero value where nothing was.
func ChargeOf(op *graphql.OperationContext) Charge {
	c, _ := op.Stats.GetExtension(extension).(Charge)
	return c
}

// MutateOperationContext charges the estimate, or refuses the operation.
func (e *Extension) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	c, refused := e.charge(ctx, max(limits.EstimateOf(op).Points, 1))
	if refused != nil {
		return refused
	}
	op.Stats.SetExtension(extension, c)
	return nil
}

// ChargeKept charges an answer that is kept, which costs one point, or refuses the request.
func (e *Extension) ChargeKept(ctx context.Context) (Charge, *gqlerror.Error) {
	return e.charge(ctx, 1)
}

func (e *Extension) charge(ctx context.Context, points int) (Charge, *gqlerror.Error) {
	c, err := e.clients.takeRest(ctx, viewer.From(ctx), points, "the operation")
	if err != nil {
		return c, toGraphQL(err)
	}
	return c, nil
}

// Refund gives back what an operation cost less than its estimate, and returns what it did cost: its fixed points, one for each
// entry that was read from the database, and less for those from the cache.
func (e *Extension) Refund(op *graphql.OperationContext, r cache.Reads) (actual int) {
	c := ChargeOf(op)
	actual = min(max(limits.EstimateOf(op).Fixed+priceOf(r), 1), max(c.Cost, 1))
	if e.limiter != nil && c.Cost > actual && op.Operation.Operation != ast.Subscription { // which has many answers for one charge
		e.limiter.Return(c.Cost-actual, c.buckets...)
	}
	return actual
}

// priceOf is what reads cost: a point from the database, a third from Redis, and a tenth from the process.
func priceOf(r cache.Reads) int {
	return int(math.Ceil(float64(r.Loads) + float64(r.Far)/3 + float64(r.Near)/10))
}

// SetHeaders puts what is left into the headers of an answer, as https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
// says.
func (c Charge) SetHeaders(h http.Header) {
	if c.Rate.Points == 0 {
		return
	}
	h.Set("RateLimit-Policy", `"points";q=`+strconv.Itoa(c.Rate.Points)+`;w=`+strconv.Itoa(int(c.Rate.Window.Seconds())))
	h.Set("RateLimit", `"points";r=`+strconv.Itoa(c.State.Remaining)+`;t=`+strconv.Itoa(int(math.Ceil(c.State.Reset.Seconds()))))
}

// toGraphQL returns an error of Take as an error of GraphQL.
func toGraphQL(err error) *gqlerror.Error {
	known := errs.As(err)
	if known == nil {
		return gqlerror.Wrap(err)
	}
	e := gqlerror.Errorf("%s", known.Message)
	e.Extensions = map[string]any{"code": known.Code}
	if known.RetryAfter > 0 {
		e.Extensions["retryAfter"] = int(known.RetryAfter.Seconds())
	}
	return e
}

// Report is a charge as clients see it, with what the operation did cost.
type Report struct {
	Requested int        `json:"requested"` // by the estimate
	Actual    int        `json:"actual"`
	Limit     int        `json:"limit"` // of the budget; 0 if there is none
	Remaining int        `json:"remaining"`
	ResetAt   *time.Time `json:"resetAt,omitempty"`
}

// Report returns what an operation costs.
func (c Charge) Report(actual int) Report {
	r := Report{Requested: c.Cost, Actual: actual, Limit: c.State.Limit, Remaining: c.State.Remaining}
	if r.Limit > 0 {
		at := c.ResetAt()
		r.ResetAt = &at
	}
	return r
}

// ResetAt returns when the budget is full again, if nothing more is spent; 1970 if there is no budget.
func (c Charge) ResetAt() time.Time {
	if c.At.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return c.At.Add(c.State.Reset).UTC()
}
