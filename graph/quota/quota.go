// Package quota charges clients for operations: the estimate before an operation runs, against the budgets of the account or address and of all
// clients, and the difference to what it did cost after. It also enforces the rate limits of fields. It does not know what fields mean.
package quota

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/cache/readset"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
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

// New returns an extension that charges clients, with the rate limits of the fields of a schema. It fails if one of those cannot
// be read. Without a limiter nothing is limited.
func New(c Clients, schema graphql.ExecutableSchema) (*Extension, error) {
	fields, err := limitsOf(schema.Schema())
	return &Extension{clients: c, limiter: c.Limiter, fields: fields}, err
}

// ExtensionName names the extension.
func (*Extension) ExtensionName() string { return "Quota" }

// Validate accepts every schema.
func (*Extension) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext charges the estimate, or refuses the operation.
func (e *Extension) MutateOperationContext(ctx context.Context, _ *graphql.OperationContext) *gqlerror.Error {
	r := request.Of(ctx)
	charge, refused := e.charge(ctx, max(r.Estimate.Points, 1))
	if refused != nil {
		return refused
	}
	r.Charge = charge
	return nil
}

// ChargeKept charges an answer that is kept, or refuses the request.
func (e *Extension) ChargeKept(ctx context.Context, bytes int) (request.Charge, *gqlerror.Error) {
	points := 1 + bytes/keptBytes
	charge, err := e.charge(ctx, points)
	e.clients.note(request.Of(ctx), points)
	return charge, err
}

// ChargeEvent charges the first point of an event of a subscription, or refuses it.
func (e *Extension) ChargeEvent(ctx context.Context) (request.Charge, *gqlerror.Error) {
	charge, err := e.clients.Take(ctx, viewer.From(ctx), 1, "the event")
	if err != nil {
		return charge, toGraphQL(err)
	}
	return charge, nil
}

func (e *Extension) charge(ctx context.Context, points int) (request.Charge, *gqlerror.Error) {
	c, err := e.clients.takeRest(request.Of(ctx), points, "the operation")
	if err != nil {
		return c, toGraphQL(err)
	}
	return c, nil
}

// What a point pays for.
const (
	nearReads   = 10       // entries from the process
	farReads    = 3        // entries from Redis
	loadedBytes = 64 << 10 // of entries from the database, beyond a point for each entry
	answerBytes = 4 << 10  // of an answer that is encoded, or of what a load processes
	keptBytes   = 64 << 10
	inputBytes  = 1 << 10 // of a request that is received, without files
	fileBytes   = 8 << 10 // of the files of a request
	compared    = 2000    // comparisons of fields that the validation of a new text makes
)

// ChargeInvalid charges a request that has not become an operation for the text that was parsed in vain. It never refuses.
func (e *Extension) ChargeInvalid(of *request.Request) {
	points := Received(of)
	e.clients.note(of, admissionPoints+points)
	if e.limiter != nil {
		e.limiter.Spend(points, of.Charge.Buckets...)
	}
}

// Received returns the points for what a request has brought, as far as that is known: small requests are free.
func Received(of *request.Request) int {
	return of.Received/inputBytes + of.Files/fileBytes + of.Comparisons/compared
}

// Work returns the points for what an operation has done so far: the fixed points of its estimate, one for each entry that was read from the
// database and for each 64 KiB of these, less for those from the cache, for the bytes that loads process, those of the answer, and those of the
// request.
func Work(of *request.Request, r readset.Reads, bytes int) int {
	work := float64(r.Loads) + float64(r.Far)/farReads + float64(r.Near)/nearReads + float64(r.LoadedBytes)/loadedBytes + float64(r.ProcessedBytes+int64(bytes))/answerBytes
	return max(of.Estimate.Fixed+Received(of)+int(math.Ceil(work)), 1)
}

// Settle returns what an operation did cost, its Work. What was charged too much is given back, and what was charged too little is charged.
func (e *Extension) Settle(of *request.Request, r readset.Reads, bytes int) (actual int) {
	actual = Work(of, r, bytes)
	e.clients.note(of, actual)
	if e.limiter == nil || of.Charge.Cost == 0 {
		return actual
	}
	e.limiter.Return(of.Charge.Cost-actual, of.Charge.Buckets...)
	e.limiter.Spend(actual-of.Charge.Cost, of.Charge.Buckets...)
	return actual
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
