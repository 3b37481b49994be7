// Package process starts real server processes for tests and ends them again. It knows programs, ports and signals and
// nothing of tests, so that the command which runs the whole suite can use it as well as a single test.
package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// The environment variables by which the command that runs the suite speaks to the test binaries. The first two name
// servers that all of them share.
const (
	RedisEnv    = "DOCSQUARE_TEST_REDIS_URL"
	PostgresEnv = "DOCSQUARE_TEST_POSTGRES_URL" // a superuser's, with a database to connect to
	ChromiumEnv = "DOCSQUARE_TEST_CHROMIUM"     // where the browser is
	SkippedEnv  = "DOCSQUARE_TEST_SKIPPED"      // a file to which tests without their server add a line
)

const (
	startTimeout = 30 * time.Second
	readyPoll    = 10 * time.Millisecond
	portAttempts = 5
	lastPort     = 55_000 // a Redis Cluster node also listens on its port + 10000
)

// MissingError is the error of a program that is not installed.
type MissingError struct {
	Program string
	Package string // what to install with apt-get
}

// Error names the program and the package that has it.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%s is not installed (apt-get install %s)", e.Program, e.Package)
}

// Chromium is where the browser is.
func Chromium() (string, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return "", &MissingError{"chromium", "chromium"}
	}
	return path, nil
}

// errEnded is returned if a program ended before it was ready, for instance because another took its port.
var errEnded = errors.New("ended before it was ready")

// program is one run of a program. It dies with the process that started it.
type program struct {
	cmd    *exec.Cmd
	signal syscall.Signal // what ends it
	ended  chan struct{}  // closed once the program has ended and is reaped
}

// launch starts the command with its output appended to the log. The signal ends it for good.
func launch(cmd *exec.Cmd, log string, signal syscall.Signal) (*program, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close() // the program has its own descriptor
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = dieWithParent(cmd.SysProcAttr, signal)
	// Ctrl-C in a terminal goes to the whole group; the tests shall end before their servers do.
	cmd.SysProcAttr.Setpgid = true

	p := &program{cmd: cmd, signal: signal, ended: make(chan struct{})}
	started := make(chan error, 1)
	go p.watch(started)
	return p, <-started
}

// watch starts the program and reaps it. The parent-death signal comes at the end of the thread that started the
// program, not of the process, so this goroutine keeps its thread until then.
func (p *program) watch(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.ended)
	err := p.cmd.Start()
	started <- err
	if err == nil {
		_ = p.cmd.Wait() // servers are killed; their exit code means nothing
	}
}

// awaitReady polls until the program is ready. Where it ended before that, the error wraps errEnded.
func (p *program) awaitReady(ctx context.Context, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("not ready after %v: %w", startTimeout, err)
		case <-time.After(readyPoll):
		}
	}
}

// end ends the program and waits until it is gone. Ending a program twice is fine.
func (p *program) end() {
	_ = p.cmd.Process.Signal(p.signal) // fails only where the program is gone already
	select {
	case <-p.ended:
	case <-time.After(startTimeout):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// onFreePort calls start with free loopback ports until it does not lose its port to somebody else.
func onFreePort(ctx context.Context, start func(port int) error) error {
	for attempt := 1; ; attempt++ {
		port, err := freePort(ctx)
		if err != nil {
			return err
		}
		err = start(port)
		if err == nil || attempt == portAttempts || !errors.Is(err, errEnded) {
			return err
		}
	}
}

func freePort(ctx context.Context) (int, error) {
	for {
		var config net.ListenConfig
		l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		port := l.Addr().(*net.TCPAddr).Port // it is a TCP listener
		if err := l.Close(); err != nil {
			return 0, err
		}
		if port <= lastPort {
			return port, nil
		}
	}
}

// withLog adds the end of the log in the directory to an error, which is where servers explain themselves.
func withLog(err error, what, dir string) error {
	const tail = 2000
	text, readErr := os.ReadFile(filepath.Join(dir, logName))
	if readErr != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	text = text[max(0, len(text)-tail):]
	return fmt.Errorf("%s: %w\n%s", what, err, bytes.TrimSpace(text))
}

const logName = "log"
