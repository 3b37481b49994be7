package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"docsquare/internal/errs"
)

func TestErrorsAreFoundInAChain(t *testing.T) {
	bad := errs.BadInput("title", "title must be 1 to %d characters", 200)
	wrapped := fmt.Errorf("create: %w", errors.Join(errors.New("another"), bad))
	if got := errs.As(wrapped); got != bad || got.Field != "title" || got.Code != errs.BadUserInput {
		t.Fatalf("got %v", got)
	}
	if got := bad.Error(); got != "BAD_USER_INPUT: title must be 1 to 200 characters" {
		t.Fatalf("got %q", got)
	}
	for _, internal := range []error{nil, errors.New("the database is away")} {
		if errs.As(internal) != nil || errs.Is(internal, errs.Internal) {
			t.Fatalf("%v is no client's error", internal)
		}
	}
}

func TestCodes(t *testing.T) {
	for code, err := range map[errs.Code]error{
		errs.NotFound: errs.Missing("document"), errs.Unauthenticated: errs.SignIn(), errs.Conflict: errs.New(errs.Conflict, "moved on"),
	} {
		if !errs.Is(err, code) || errs.Is(err, errs.Forbidden) {
			t.Errorf("%v is not %s alone", err, code)
		}
	}
}
