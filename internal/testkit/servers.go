package testkit

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"docsquare/internal/cache/redis"
	"docsquare/internal/testkit/process"
)

// Main runs the tests of a package, stops the servers that they started, and fails where goroutines are left over.
// It does not return. A package whose tests use a server has
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// Without it the servers die with the test binary all the same (on Linux), but leave their files behind.
func Main(m *testing.M) {
	redis.LogClients(slog.New(slog.DiscardHandler)) // tests take servers away
	code := m.Run()
	started.stop()
	if code == 0 {
		late := goleak.IgnoreTopFunction("github.com/tus/tusd/v2/pkg/handler.newDelayedContext.func1") // ends some seconds after its request
		if err := goleak.Find(late); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines left over:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// started is what Main has to stop: the servers of this test binary.
var started servers

type servers struct {
	mutex sync.Mutex
	stops []func()
}

func (s *servers) add(stop func()) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.stops = append(s.stops, stop)
}

func (s *servers) stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, stop := range slices.Backward(s.stops) {
		stop()
	}
	s.stops = nil
}

// unavailable ends the test for want of a server: skipped where the server is not installed, failed where it did not
// start, and failed in any case under CI=true, so that nothing is skipped in silence.
func unavailable(tb testing.TB, err error) {
	tb.Helper()
	var missing *process.MissingError
	if errors.As(err, &missing) && os.Getenv("CI") != "true" {
		report(tb, err)
		tb.Skip(err)
	}
	tb.Fatal(err)
}

// report adds the test to the list that `make test` shows at its end: go test keeps silent about skips.
func report(tb testing.TB, why error) {
	tb.Helper()
	path := os.Getenv(process.SkippedEnv)
	if path == "" {
		return
	}
	list, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	defer list.Close()
	if _, err := fmt.Fprintf(list, "%s %s: %v\n", filepath.Base(os.Args[0]), tb.Name(), why); err != nil {
		tb.Fatal(err)
	}
}

// Program is where a program is that a test needs, of a package of Debian. Without it the test is skipped, and fails under
// CI=true.
func Program(tb testing.TB, name, debian string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		unavailable(tb, &process.MissingError{Program: name, Package: debian})
	}
	return path
}
