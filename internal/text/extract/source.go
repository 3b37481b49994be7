package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
)

var errDetached = errors.New("extract: the file is gone")

// source is a file as the sandbox reads it: piece by piece, and not after its context has ended. go-pdfium never
// releases the source of an instance that was killed; detach makes that a few bytes instead of the file.
type source struct {
	ctx  context.Context
	from io.ReaderAt
	size int64
	at   int64

	failed error // the first failure to read the file, which is not the fault of the file
}

// Read reads as io.Reader does.
func (s *source) Read(p []byte) (int, error) {
	if s.from == nil {
		return 0, errDetached
	}
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	if s.at >= s.size {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), s.size-s.at)]
	n, err := s.from.ReadAt(p, s.at)
	s.at += int64(n)
	if n == len(p) {
		return n, nil
	}
	if err != nil && !errors.Is(err, io.EOF) && s.failed == nil {
		s.failed = fmt.Errorf("extract: read the file: %w", err)
	}
	return n, err
}

// Seek seeks from the beginning, for PDFium asks for nothing else.
func (s *source) Seek(to int64, whence int) (int64, error) {
	if whence != io.SeekStart || to < 0 {
		return 0, errors.New("extract: seek from the beginning")
	}
	s.at = to
	return to, nil
}

// detach lets go of the file. No read may be under way.
func (s *source) detach() { s.from, s.ctx = nil, nil }
