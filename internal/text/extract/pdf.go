package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"

	"github.com/klippa-app/go-pdfium"
	failure "github.com/klippa-app/go-pdfium/errors"
)

// PDF is the text of a PDF of size bytes, page by page. The first PDF of all waits until the sandbox is compiled, which
// Limits.Time does not count. The file is read piece by piece and never held as a whole. Its errors are ErrDamaged,
// ErrEncrypted, ErrBomb, ErrTooSlow, the one of ctx, and those of r.
func (x *Extractor) PDF(ctx context.Context, r io.ReaderAt, size int64) (Text, error) {
	if err := ctx.Err(); err != nil {
		return Text{}, err
	}
	if size > math.MaxInt32 {
		return Text{}, fault(ErrBomb, "it is larger than 2 GiB; split it into smaller files")
	}
	// Viewers look no further than this for the beginning.
	if !bytes.Contains(head(r, size, 1<<10), []byte("%PDF-")) {
		return Text{}, fault(ErrDamaged, "it is no PDF; save or print it as PDF again")
	}
	box, err := x.enter(ctx)
	if err != nil {
		return Text{}, err
	}
	defer x.leave()

	timed, cancel := context.WithTimeout(ctx, x.limits.Time)
	defer cancel()
	timed, end := context.WithCancelCause(timed)
	defer end(nil)
	defer context.AfterFunc(x.closing, func() { end(errClosed) })()

	from := &source{ctx: timed, from: r, size: size}
	defer from.detach()
	var text Text
	err = box.run(timed, func(instance pdfium.Pdfium) error {
		reader := pdfReader{ctx: timed, pdf: instance, limits: x.limits, out: &collector{limit: x.limits.Text}}
		text, err = reader.read(from)
		return err
	})
	if err == nil {
		return text, nil
	}
	if late := ended(ctx, timed, x.limits.Time); late != nil {
		return Text{}, late
	}
	if from.failed != nil {
		return Text{}, from.failed
	}
	return Text{}, blame(err)
}

// blame returns the error to show for an error of PDFium. Any error that is not one of PDFium's own means that the sandbox
// has ended: it asked for too much memory, or its call stack was too deep.
func blame(err error) error {
	switch {
	case errors.Is(err, ErrDamaged), errors.Is(err, errSandbox):
		return err
	case errors.Is(err, failure.ErrPassword), errors.Is(err, failure.ErrSecurity):
		return fault(ErrEncrypted, "remove the password and upload it again")
	case polite(err):
		return fault(ErrDamaged, "the PDF cannot be read; open it, save or print it as PDF again and upload the new copy")
	}
	return fault(ErrBomb, "it needs more memory than a file may take, or is nested too deep; print it as PDF again, or split it")
}

// polite reports whether PDFium itself returned the error, so that it can go on.
func polite(err error) bool {
	for _, known := range []error{
		failure.ErrSuccess, failure.ErrUnknown, failure.ErrFile, failure.ErrFormat, failure.ErrPassword,
		failure.ErrSecurity, failure.ErrPage, failure.ErrUnexpected,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
