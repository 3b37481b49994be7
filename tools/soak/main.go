// Command soak runs a server as in production and asks whether clients that send only the worst requests which the limits allow spoil it for
// others. Eight normal clients are measured alone, and then while 32 hostile ones send, each from its own address. `make soak`
// runs it. It fails if the 99th percentile of the normal clients is more than five times that alone, if one of their requests fails, or if the
// memory of the server grows.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"docsquare/internal/testkit/process"
)

// options of a run.
type options struct {
	binary   string
	duration time.Duration // with the hostile clients
	alone    time.Duration
	normal   int
	hostile  int
	database string
	only     string
	logs     string
	attack   bool
}

func (o *options) declare(flags *flag.FlagSet) {
	flags.StringVar(&o.binary, "binary", "bin/docsquare", "the server")
	flags.DurationVar(&o.duration, "duration", 10*time.Minute, "how long the hostile clients send")
	flags.DurationVar(&o.alone, "alone", time.Minute, "how long the normal clients are measured alone before")
	flags.IntVar(&o.normal, "normal", 8, "how many normal clients")
	flags.IntVar(&o.hostile, "hostile", 32, "how many hostile clients")
	flags.StringVar(&o.database, "database", "sqlite", "sqlite or postgres")
	flags.StringVar(&o.only, "only", "", "only this kind of hostile clients")
	flags.BoolVar(&o.attack, "attack", false, "be the hostile clients: the command runs itself so")
	flags.StringVar(&o.logs, "logs", "", "directory for the data and the log of the server; without it they are removed at the end")
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	o.declare(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.attack {
		return attacked(ctx, o.duration, os.Stdin, out)
	}
	kinds, err := chosen(o.only)
	if err != nil {
		return err
	}
	s, err := serve(ctx, o)
	defer s.close()
	if err != nil {
		return err
	}
	normal, hostile, err := s.populate(ctx, o, kinds)
	if err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	_, _ = fmt.Fprintf(out, "%d normal clients alone for %v\n", o.normal, o.alone) // progress
	alone, err := s.measure(ctx, o.alone, normal, nil)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "with %d hostile clients for %v\n", o.hostile, o.duration)
	during, err := s.measure(ctx, o.duration, normal, hostile)
	if err != nil {
		return err
	}
	if during.longestWrite, err = s.longestWrite(ctx); err != nil {
		return err
	}
	return report(out, alone, during)
}

// site is the server under test.
type site struct {
	server   *process.Docsquare
	postgres *process.Postgres
	dir      string
	own      bool
}

// serve starts a server as in production. The caller must close it, also after an error.
func serve(ctx context.Context, o options) (s *site, err error) {
	s = &site{dir: o.logs}
	if s.dir == "" {
		s.own = true
		if s.dir, err = os.MkdirTemp("", "docsquare-soak-"); err != nil {
			return s, err
		}
	}
	dir, err := filepath.Abs(s.dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o750)
	}
	if err != nil {
		return s, err
	}
	binary, err := filepath.Abs(o.binary)
	if err != nil {
		return s, err
	}
	database := "sqlite://" + filepath.Join(dir, "soak.db")
	if o.database == "postgres" {
		if s.postgres, err = process.StartPostgres(ctx); err != nil {
			return s, err
		}
		database = s.postgres.URL
	}
	s.server, err = process.StartDocsquare(ctx, binary, dir, "ENVIRONMENT=production", "PUBLIC_URL=http://docs.example.org",
		"DATABASE_URL="+database, "METRICS_TOKEN="+metricsToken, "FILES_URL=file://"+filepath.Join(dir, "files"))
	return s, err
}

func (s *site) close() {
	if s.server != nil {
		s.server.Kill()
	}
	if s.postgres != nil {
		s.postgres.Close()
	}
	if s.own {
		_ = os.RemoveAll(s.dir) // a leftover in the temporary directory is no reason to fail
	}
}

// measured is what one phase has shown.
type measured struct {
	normal *latencies
	sent   map[string]*tally // of the hostile clients, by kind
	memory []int64           // resident bytes of the server, each second

	longestWrite time.Duration // transaction, during the last minutes
}

// measure runs clients for a time.
func (s *site) measure(ctx context.Context, d time.Duration, normal []*citizen, hostile []order) (m measured, err error) {
	bounded, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	m.normal = &latencies{took: map[string][]time.Duration{}}
	var all sync.WaitGroup
	for _, c := range normal {
		all.Go(func() { c.run(bounded, m.normal) })
	}
	all.Go(func() { m.memory = s.watchMemory(bounded) })
	if len(hostile) > 0 {
		m.sent, err = attack(ctx, hostile, d)
	}
	all.Wait()
	return m, errors.Join(err, ctx.Err())
}

const memoryInterval = time.Second

func (s *site) watchMemory(ctx context.Context) (resident []int64) {
	tick := time.NewTicker(memoryInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return resident
		case <-tick.C:
		}
		if n, err := s.server.Resident(); err == nil {
			resident = append(resident, n)
		}
	}
}
