package extract

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The errors that are the fault of a file. Each is wrapped in a sentence that explains what is wrong and how to fix it,
// fit to be shown to the user who uploaded the file: errors.Is finds it. Any other error is the fault of the caller's
// context or of the server.
var (
	// ErrDamaged means that the file is truncated, broken or of another format than it claims to be.
	ErrDamaged = errors.New("the file is damaged")
	// ErrEncrypted means that the file cannot be read without a password.
	ErrEncrypted = errors.New("the file is protected with a password")
	// ErrBomb means that the file unpacks to too much or is nested too deep.
	ErrBomb = errors.New("the file unpacks to too much")
	// ErrTooSlow means that reading the file took longer than Limits.Time.
	ErrTooSlow = errors.New("the file takes too long to read")
)

var (
	errClosed  = errors.New("extract: the extractor is closed")
	errSandbox = errors.New("extract: the PDF sandbox fails")
)

func fault(kind error, format string, args ...any) error {
	return fmt.Errorf("%w: %s", kind, fmt.Sprintf(format, args...))
}

// ended returns why ctx has ended, nil if it has not: the caller's own reason comes first, then the end of the extractor,
// then the time limit.
func ended(caller, ctx context.Context, limit time.Duration) error {
	switch {
	case ctx.Err() == nil:
		return nil
	case caller.Err() != nil:
		return caller.Err()
	case errors.Is(context.Cause(ctx), errClosed):
		return errClosed
	}
	return fault(ErrTooSlow, "it was given up after %v; split it into smaller files or save it in a simpler form", limit)
}
