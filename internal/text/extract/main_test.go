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

// shared is the extractor of all tests of PDFs, for to compile the sandbox is what takes time: seconds, and with the race
// detector most of a minute.
var shared = sync.OnceValue(func() *extract.Extractor {
	return extract.New(extract.Limits{Text: maxText, Pages: maxPages, Memory: 40 << 20, Time: 5 * time.Second})
})

func TestMain(m *testing.M) {
	code := m.Run()
	shared().Close()
	os.Exit(code)
}
