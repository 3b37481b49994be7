// Command serve runs a command with real servers around it: it starts one Redis and one PostgreSQL, names them in
// DOCSQUARE_TEST_REDIS_URL and DOCSQUARE_TEST_POSTGRES_URL, runs the command, stops them, and exits with its code.
// Where a server is not installed it installs it with apt-get, as root on Debian; where it may not, the tests that
// need it skip themselves and say so.
//
//	go run ./tools/serve -- go test ./...
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"docsquare/internal/testkit/process"
)

// grace is how long an interrupted command may take to end.
const grace = 10 * time.Second

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: serve -- COMMAND [ARGUMENT…]")
		os.Exit(2)
	}
	// Ctrl-C reaches the command as well; this process stays to stop the servers.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
	}
	os.Exit(code)
}

// run returns the exit code of the command, or 1 with an error where it could not be run.
func run(ctx context.Context, args []string) (int, error) {
	env := os.Environ()
	for _, s := range servers {
		at, stop, err := s.provide(ctx)
		if err != nil {
			return 1, err
		}
		defer stop()
		if at != "" {
			env = append(env, s.env+"="+at)
		}
	}
	skipped, err := os.CreateTemp("", "docsquare-skipped-")
	if err != nil {
		return 1, err
	}
	defer showSkipped(skipped)
	env = append(env, process.SkippedEnv+"="+skipped.Name())
	return command(ctx, args, env)
}

func command(ctx context.Context, args, env []string) (int, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = grace
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() > 0 {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}

// showSkipped prints which tests were skipped, and removes the list.
func showSkipped(list *os.File) {
	defer os.Remove(list.Name())
	defer list.Close()
	for lines := bufio.NewScanner(list); lines.Scan(); {
		say("SKIPPED %s", lines.Text())
	}
}

// server is one kind of server that the tests need.
type server struct {
	name  string
	env   string
	start func(context.Context) (at string, stop func(), err error)
}

var servers = []server{
	{"Redis", process.RedisEnv, func(ctx context.Context) (string, func(), error) {
		r, err := process.StartRedis(ctx)
		if err != nil {
			return "", nil, err
		}
		return r.URL(), r.Close, nil
	}},
	{"PostgreSQL", process.PostgresEnv, func(ctx context.Context) (string, func(), error) {
		p, err := process.StartPostgres(ctx)
		if err != nil {
			return "", nil, err
		}
		return p.URL, p.Close, nil
	}},
	{"Chromium", process.ChromiumEnv, func(context.Context) (string, func(), error) {
		path, err := process.Chromium()
		return path, func() {}, err
	}},
}

// provide returns the server that the tests get: the one that the environment names, else one that it starts. It prints
// which on standard error. Without one the address is empty.
func (s server) provide(ctx context.Context) (at string, stop func(), err error) {
	none := func() {}
	if at := os.Getenv(s.env); at != "" {
		say("%s: %s, from %s", s.name, at, s.env)
		return at, none, nil
	}
	at, stop, err = s.start(ctx)
	var missing *process.MissingError
	if errors.As(err, &missing) && mayInstall() {
		if err := install(ctx, missing.Package); err != nil {
			say("%s: %v", s.name, err)
		}
		at, stop, err = s.start(ctx)
	}
	switch {
	case err == nil:
		say("%s: %s", s.name, at)
		return at, stop, nil
	case errors.As(err, &missing) && os.Getenv("CI") != "true":
		say("%s: NONE, so the cases that need it are skipped: %v", s.name, err)
		return "", none, nil
	}
	return "", nil, err
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "serve: "+format+"\n", args...) }
