package quota

import (
	"docsquare/graph/request"
)

// admissionPoints is the price of a request that may yet turn out to be no operation: it is parsed and validated for that.
const admissionPoints = 1

// Admit charges one point for a request, before it is read, or refuses it with the errors of Take. The charge of its operation is lower by
// that point. What is refused afterwards has cost the point.
func (c Clients) Admit(r *request.Request) (err error) {
	r.Charge, err = c.Take(r, r.Viewer, admissionPoints, "the request")
	return err
}

// takeRest charges what an operation costs in addition to its admission.
func (c Clients) takeRest(r *request.Request, points int, what string) (request.Charge, error) {
	switch {
	case r.Charge.Cost == 0:
		return c.Take(r, r.Viewer, points, what)
	case points <= admissionPoints:
		return r.Charge, nil
	}
	if err := c.affordable(r.Viewer, points, what); err != nil {
		return r.Charge, err
	}
	rest, err := c.Take(r, r.Viewer, points-admissionPoints, what)
	rest.Cost = points
	return rest, err
}
