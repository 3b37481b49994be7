package extract_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"docsquare/internal/text/extract"
)

// The limits of the shared extractor.
const (
	maxText  = 4000
	maxPages = 40
)

// shared is the extractor of all tests of PDFs, because it takes time to compile the sandbox: seconds, and with the race detector most of
// a minute. Its directory cannot be used, so Prepare compiles in memory.
var shared = sync.OnceValue(func() *extract.Extractor {
	x := extract.New(extract.Limits{Text: maxText, Pages: maxPages, Memory: 40 << 20, Time: 5 * time.Second}, "/proc/docsquare")
	if x.Prepare() == nil {
		panic("Prepare used a directory that cannot be created")
	}
	return x
})

func TestMain(m *testing.M) {
	code := m.Run()
	shared().Close()
	os.Exit(code)
}
