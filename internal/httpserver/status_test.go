package httpserver_test

import (
	"errors"
	"net/http"
	"testing"

	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
)

func TestRefuse(t *testing.T) {
	for _, test := range []struct {
		err       error
		status    int
		challenge string
	}{
		{errs.SignIn(), http.StatusUnauthorized, "Bearer"},
		{errs.New(errs.Forbidden, "no"), http.StatusForbidden, ""},
		{errs.Missing("file"), http.StatusNotFound, ""},
		{errs.BadInput("size", "no"), http.StatusBadRequest, ""},
		{errs.New(errs.Conflict, "no"), http.StatusConflict, ""},
		{errs.New(errs.RateLimited, "no"), http.StatusTooManyRequests, ""},
		{errs.New(errs.CostLimitExceeded, "no"), http.StatusBadRequest, ""},
		{errs.New(errs.Internal, "no"), http.StatusInternalServerError, ""},
		{errors.New("no"), http.StatusInternalServerError, ""},
	} {
		h := http.Header{}
		if got := httpserver.Refuse(h, test.err); got != test.status || h.Get("WWW-Authenticate") != test.challenge {
			t.Errorf("%v: %d with %v, want %d", test.err, got, h, test.status)
		}
	}
}
