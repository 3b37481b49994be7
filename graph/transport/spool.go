package transport

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"

	"github.com/99designs/gqlgen/graphql"
)

// unlimited is the allowance for content that the whole body bounds.
const unlimited = math.MaxInt64

// errAllowance means that a part of a form has more bytes than it may have.
var errAllowance = errors.New("a part of the form is too large")

// allowance reads at most so many bytes. It bounds what a parser buffers of text that has no end.
type allowance struct {
	from io.Reader
	left int64
}

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errAllowance
	}
	n, err := a.from.Read(p[:min(int64(len(p)), a.left)])
	a.left -= int64(n)
	return n, err
}

// spool keeps the files of one request: the first bytes in memory, and files that have more in one temporary file.
type spool struct {
	memory int64    // bytes that may be kept in memory from now on
	disk   *os.File // nil: not needed
	end    int64    // of what is on disk
	bytes  int64    // of all files
}

// spoolError means that the server cannot keep a file.
type spoolError struct{ cause error }

func (e *spoolError) Error() string { return "the server cannot store the file now: try again later" }

func (e *spoolError) Unwrap() error { return e.cause }

// file is a file in a spool.
type file struct {
	at          io.ReaderAt
	from, size  int64
	name, media string
}

// upload returns the file as a value of the scalar Upload. Each has its own position.
func (f file) upload() graphql.Upload {
	return graphql.Upload{File: io.NewSectionReader(f.at, f.from, f.size), Filename: f.name, Size: f.size, ContentType: f.media}
}

// keep reads a file to its end. It returns a *spoolError if the file cannot be stored, otherwise the error of the source.
func (s *spool) keep(src io.Reader) (file, error) {
	var head bytes.Buffer
	n, err := io.CopyN(&head, src, s.memory+1)
	if errors.Is(err, io.EOF) {
		s.memory -= n
		s.bytes += n
		return file{at: bytes.NewReader(head.Bytes()), size: n}, nil
	}
	if err != nil {
		return file{}, err
	}
	if s.disk == nil {
		if s.disk, err = os.CreateTemp("", "docsquare-form-*"); err != nil {
			return file{}, &spoolError{err}
		}
	}
	f := file{at: s.disk, from: s.end}
	f.size, err = io.Copy(storing{s.disk}, io.MultiReader(&head, src))
	s.end += f.size
	s.bytes += f.size
	return f, err
}

// close forgets the files. Reading one of them from the disk fails from then on.
func (s *spool) close() {
	if s.disk == nil {
		return
	}
	_ = s.disk.Close() // it was only read since
	_ = os.Remove(s.disk.Name())
}

// storing marks the errors of a writer as those of the server.
type storing struct{ io.Writer }

func (s storing) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if err != nil {
		err = &spoolError{err}
	}
	return n, err
}
