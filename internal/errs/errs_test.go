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

// TestSentence leaves out of a message what differs from error to error.
func TestSentence(t *testing.T) {
	for want, err := range map[string]*errs.Error{
		"there is no such document":                errs.Missing("document"),
		"… is … bytes long, at most … are allowed": errs.BadInput("body", "%.*q is %d bytes long, at most %5.1f are allowed", 3, "正文正文", 12, 4.5),
		"100 % of …": errs.New(errs.Conflict, "100 %% of %v", "secret"),
		"The operation took too long: request less.": {Code: errs.CostLimitExceeded, Message: "The operation took too long: request less."},
	} {
		if got := err.Sentence(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
