package quota

import (
	"context"

	"docsquare/internal/viewer"
)

// admission is the price of a request that may yet turn out to be no operation: it is parsed and validated for that.
const admission = 1

type admissionKey struct{}

// Admit charges one point for a request, before it is read, or refuses it with the errors of Take. The charge of the operation in the context
// that it returns is lower by that point. What is refused afterwards has cost the point.
func (c Clients) Admit(ctx context.Context, v viewer.Viewer) (context.Context, error) {
	if c.Limiter == nil {
		return ctx, nil
	}
	charge, err := c.Take(ctx, v, admission, "the request")
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, admissionKey{}, charge), nil
}

// takeRest charges what an operation costs in addition to its admission.
func (c Clients) takeRest(ctx context.Context, v viewer.Viewer, points int, what string) (Charge, error) {
	admitted, ok := ctx.Value(admissionKey{}).(Charge)
	if !ok {
		return c.Take(ctx, v, points, what)
	}
	if points <= admission {
		return admitted, nil
	}
	if err := c.affordable(v, points, what); err != nil {
		return admitted, err
	}
	rest, err := c.Take(ctx, v, points-admission, what)
	rest.Cost = points
	return rest, err
}
