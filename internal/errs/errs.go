// Package errs owns the errors that a client may see: a code, a sentence that explains how to fix it, and the input field
// that is to blame. Every other error is internal and not shown to clients.
package errs

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Code is the kind of an error. Clients see it as extensions.code.
type Code string

// The codes of the contract. The enum ErrorCode of the schema describes them.
const (
	Unauthenticated        Code = "UNAUTHENTICATED"
	Forbidden              Code = "FORBIDDEN"
	NotFound               Code = "NOT_FOUND"
	BadUserInput           Code = "BAD_USER_INPUT"
	Conflict               Code = "CONFLICT"
	RateLimited            Code = "RATE_LIMITED"
	CostLimitExceeded      Code = "COST_LIMIT_EXCEEDED"
	PersistedQueryNotFound Code = "PERSISTED_QUERY_NOT_FOUND"
	ParseFailed            Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed       Code = "GRAPHQL_VALIDATION_FAILED"
	Internal               Code = "INTERNAL"
)

// Error is an error that a client may see.
type Error struct {
	Code       Code
	Message    string
	Field      string         // the input field to blame, or empty
	RetryAfter time.Duration  // with RateLimited
	Details    map[string]any // further extensions, such as the current revision of a conflict

	format string // that the message was made of
}

// Error is the message with its code.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// verbs finds what a format leaves to its arguments, and the percent signs that it writes.
var verbs = regexp.MustCompile(`%%|%[-+# 0]*[\d*]*(\.[\d*]*)?[a-zA-Z]`)

// Sentence returns the message with … for what differs from error to error, so that equal mistakes have equal sentences, and no text of a
// client is in one.
func (e *Error) Sentence() string {
	if e.format == "" {
		return e.Message
	}
	return verbs.ReplaceAllStringFunc(e.format, func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		return "…"
	})
}

// New is an error with a code and a formatted message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), format: format}
}

// BadInput returns a BAD_USER_INPUT that names the input field and the remedy.
func BadInput(field, format string, args ...any) *Error {
	return &Error{Code: BadUserInput, Field: field, Message: fmt.Sprintf(format, args...), format: format}
}

// Missing returns a NOT_FOUND error. The error is the same whether the thing does not exist or is hidden from the viewer.
func Missing(what string) *Error { return &Error{Code: NotFound, Message: "there is no such " + what} }

// SignIn returns the UNAUTHENTICATED error for an operation that a guest cannot do.
func SignIn() *Error {
	return New(Unauthenticated, "sign in first: send a session token as 'Authorization: Bearer …'")
}

// As finds the client's error in a chain, nil where the error is internal.
func As(err error) *Error {
	e, _ := errors.AsType[*Error](err)
	return e
}

// Is reports whether an error in the chain of err has the code.
func Is(err error, code Code) bool {
	e := As(err)
	return e != nil && e.Code == code
}
