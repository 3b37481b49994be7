package httpserver

import (
	"math"
	"net/http"
	"strconv"

	"docsquare/internal/errs"
)

// Status returns the HTTP status of a code, for answers whose status depends on the error. It is 400 for codes that blame the
// request.
func Status(code errs.Code) int {
	switch code {
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// Refuse returns the HTTP status of an error, 500 if it is internal. It sets the header WWW-Authenticate with 401, and Retry-After if the
// error has a delay.
func Refuse(h http.Header, err error) int {
	status := http.StatusInternalServerError
	if e := errs.As(err); e != nil {
		status = Status(e.Code)
		if e.RetryAfter > 0 {
			h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
		}
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return status
}
