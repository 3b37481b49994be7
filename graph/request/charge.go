package request

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"docsquare/internal/limit/ratelimit"
)

// Charge is what was charged for an operation, and what is left.
type Charge struct {
	Cost    int             // by the estimate, in points
	State   ratelimit.State // of the client's budget
	Rate    ratelimit.Rate  // of the client's budget
	At      time.Time
	Buckets []ratelimit.Bucket // that it was taken from
}

// SetHeaders writes what is left into the headers that https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
// defines them.
func (c Charge) SetHeaders(h http.Header) {
	if c.Rate.Points == 0 {
		return
	}
	values := []string{
		points(`"points";q=`, c.Rate.Points, ";w=", int(c.Rate.Window.Seconds())),
		points(`"points";r=`, c.State.Remaining, ";t=", int(math.Ceil(c.State.Reset.Seconds()))),
	}
	h["Ratelimit-Policy"], h["Ratelimit"] = values[:1:1], values[1:] // the names as http.Header has them
}

// points returns two numbers, each after a text.
func points(before string, n int, between string, m int) string {
	text := append(make([]byte, 0, 64), before...)
	text = append(strconv.AppendInt(text, int64(n), 10), between...)
	return string(strconv.AppendInt(text, int64(m), 10))
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
