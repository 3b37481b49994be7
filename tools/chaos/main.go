// Command chaos runs real instances of docsquare against a real Redis and PostgreSQL, breaks things under load, and judges
// every read: how old may it be, and how old was it. `make chaos` runs it, and fails where the cache has lied, a request has
// failed or a write was lost. With -disconnects nothing is broken but the connections of writers, at any moment of their writes, over either
// database, with Redis or without. With -latency it measures instead what a fault of Redis costs a reader, and with -editors it
// has editors autosave while the server and Redis are killed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options of a campaign.
type options struct {
	binary    string
	duration  time.Duration
	seed      uint64
	writers   int
	readers   int
	sabotage  string
	faults    string
	logs      string
	latency   bool
	phase     time.Duration
	clients   int
	editors   int
	writeRate float64
	readRate  float64

	disconnects bool
	database    string
	redis       bool
}

// What -database may name.
const (
	sqliteDatabase   = "sqlite"
	postgresDatabase = "postgres"
)

// shared is how many instances share the database and Redis. Without Redis they cannot, and a file of SQLite is for one machine.
func (o *options) shared() int {
	if o.redis && o.database == postgresDatabase {
		return instances
	}
	return 1
}

func (o *options) declare(flags *flag.FlagSet) {
	flags.StringVar(&o.binary, "binary", "bin/docsquare-chaos", "the server, built with the tag chaos")
	flags.DurationVar(&o.duration, "duration", 4*time.Minute, "how long the campaign lasts")
	flags.Uint64Var(&o.seed, "seed", 1, "the same seed makes the same schedule of faults")
	flags.IntVar(&o.writers, "writers", 8, "how many writers, each with its own account and documents")
	flags.IntVar(&o.readers, "readers", 8, "how many readers")
	flags.Float64Var(&o.writeRate, "write-rate", 3, "writes of each writer in a second")
	flags.Float64Var(&o.readRate, "read-rate", 4, "requests of each reader in a second")
	flags.StringVar(&o.sabotage, "sabotage", "", "break a rule of the server, which the campaign must notice: outbox, order, tags or viewer")
	flags.StringVar(&o.faults, "faults", "", "only these kinds of faults, separated by commas")
	flags.StringVar(&o.logs, "logs", "", "directory for the logs of the instances and the list of all violations; without it they are removed at the end")
	flags.BoolVar(&o.latency, "latency", false, "measure what faults of Redis cost a reader, instead of a campaign")
	flags.DurationVar(&o.phase, "phase", 15*time.Second, "with -latency: how long each phase lasts")
	flags.IntVar(&o.editors, "editors", 0, "have so many editors autosave, instead of a campaign")
	flags.IntVar(&o.clients, "clients", 3, "with -latency: how many clients")
	flags.BoolVar(&o.disconnects, "disconnects", false, "have writers disconnect at random points of their writes, instead of faults")
	flags.StringVar(&o.database, "database", postgresDatabase, "with -disconnects: sqlite or postgres")
	flags.BoolVar(&o.redis, "redis", true, "with -disconnects: whether there is a Redis; without it, and with SQLite, there is one instance")
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := flag.NewFlagSet("chaos", flag.ContinueOnError)
	o.declare(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if !o.disconnects && (o.database != postgresDatabase || !o.redis) {
		return errors.New("-database and -redis need -disconnects: everything else breaks Redis")
	}
	if o.latency {
		return measure(ctx, o, out)
	}
	if o.editors > 0 {
		return edit(ctx, o, out)
	}
	return campaign(ctx, o, out)
}
