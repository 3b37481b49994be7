package testkit

import (
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Template is a database that is filled once in a test binary and copied for each test.
type Template struct {
	fill func(tb testing.TB, databaseURL string)

	mu   sync.Mutex
	urls map[string]string // by dialect
}

// NewTemplate returns a template. fill opens the empty database at the URL, fills it and closes it.
func NewTemplate(fill func(tb testing.TB, databaseURL string)) *Template {
	return &Template{fill: fill, urls: map[string]string{}}
}

// Copy returns the URL of a copy of the template that only the test uses.
func (x *Template) Copy(tb testing.TB, dialect string) string {
	tb.Helper()
	from := x.filled(tb, dialect)
	if dialect == "postgres" {
		u, err := url.Parse(from)
		Must(tb, err)
		return created(tb, strings.TrimPrefix(u.Path, "/"))
	}
	to := Database(tb, dialect)
	copyFile(tb, filePath(from), filePath(to))
	return to
}

// filled fills the template at the first call.
func (x *Template) filled(tb testing.TB, dialect string) string {
	tb.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	if at, ok := x.urls[dialect]; ok {
		return at
	}
	at := x.empty(tb, dialect)
	x.fill(tb, at)
	x.urls[dialect] = at
	return at
}

// empty makes an empty database that is there until the end of the test binary.
func (*Template) empty(tb testing.TB, dialect string) string {
	tb.Helper()
	if dialect == "postgres" {
		at, drop := copied(tb, "template0")
		started.add(func() { _ = drop() }) // a server of this test binary goes with its databases
		return at
	}
	dir, err := os.MkdirTemp("", "docsquare-template-") //nolint:usetesting // it outlives the test
	Must(tb, err)
	started.add(func() { _ = os.RemoveAll(dir) }) // a leftover in the temporary directory fails no test
	return "sqlite://" + filepath.Join(dir, "template.db")
}

func filePath(databaseURL string) string { return strings.TrimPrefix(databaseURL, "sqlite://") }

func copyFile(tb testing.TB, from, to string) {
	tb.Helper()
	in, err := os.Open(from)
	Must(tb, err)
	defer func() { Must(tb, in.Close()) }()
	out, err := os.Create(to)
	Must(tb, err)
	_, err = io.Copy(out, in)
	Must(tb, err)
	Must(tb, out.Close())
}
