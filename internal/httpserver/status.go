package httpserver

import (
	"net/http"

	"docsquare/internal/errs"
)

// Status returns the HTTP status of a code, for answers whose status says what went wrong. It is 400 for codes that blame the
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

// Refuse returns the HTTP status of an error, 500 if it is internal. With 401 it sets the header WWW-Authenticate.
func Refuse(h http.Header, err error) int {
	status := http.StatusInternalServerError
	if e := errs.As(err); e != nil {
		status = Status(e.Code)
	}
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return status
}
