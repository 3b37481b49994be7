package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"sync"
	"text/tabwriter"
	"time"

	"docsquare/internal/testkit/process"
)

// The feed of graph/testdata/square/feed.txtar.
const feedQuery = `{
  documents(first: 20) {
    totalCount
    edges { node { id title format createdAt
      author { id username displayName }
      stats { views likes favorites comments }
      viewerHasLiked
      comments(first: 3) { edges { node { id body author { id username } } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`

// wantedRatio is how much slower the slow requests of a server may be while its Redis is away than those of one that
// never had any.
const wantedRatio = 1.5

// phase is a state of Redis under which the latency is measured.
type phase struct {
	name   string
	bound  bool // wantedRatio holds
	during func(ctx context.Context, p *plant) error
}

func phases() []phase {
	return []phase{
		{"healthy", false, func(ctx context.Context, _ *plant) error { return untilEnd(ctx) }},
		{"killed", true, killed},
		{"frozen", true, frozen},
		{"flapping each second", false, flapping},
		{"slow by 200 ms each way", false, slowed},
	}
}

// untilEnd waits for the end of the phase.
func untilEnd(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

func killed(ctx context.Context, p *plant) error {
	p.redis.Stop()
	<-ctx.Done()
	return p.redis.Restart(context.WithoutCancel(ctx))
}

func frozen(ctx context.Context, p *plant) error {
	if err := p.redis.Freeze(); err != nil {
		return err
	}
	<-ctx.Done()
	return p.redis.Thaw()
}

func flapping(ctx context.Context, p *plant) error {
	for ctx.Err() == nil {
		if err := flap(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func slowed(ctx context.Context, p *plant) error {
	proxy := p.instances[0].proxy
	if err := proxy.Set(ctx, process.Slow); err != nil {
		return err
	}
	<-ctx.Done()
	return proxy.Set(context.WithoutCancel(ctx), process.Pass)
}

// latencies of one phase, of the server with Redis and of the one that never had it.
type latencies struct {
	mu            sync.Mutex
	with, without []time.Duration
	failed        error // of one request that failed
}

// ratio is how many times slower the slow requests are with Redis than without.
func (l *latencies) ratio() float64 {
	return float64(percentile(l.with, 0.99)) / float64(max(percentile(l.without, 0.99), 1))
}

// measure asks two servers on one database for the feed, in turns so that noise hits both, while Redis is well and while
// it is not.
func measure(ctx context.Context, o options, out io.Writer) error {
	p, err := build(ctx, o, 1, "")
	defer p.demolish()
	if err != nil {
		return err
	}
	if err := p.seed(ctx, o.binary); err != nil {
		return err
	}
	plain, err := p.serve(ctx, o.binary, "without-redis", "", "")
	if err != nil {
		return err
	}
	defer plain.Kill()
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "Redis\trequests\tp50 with it\tp50 without\tp99 with it\tp99 without\tratio of p99\t") // Flush returns the failure
	for _, x := range phases() {
		l, err := p.load(ctx, x, o, plain)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		wanted := ""
		if x.bound {
			wanted = fmt.Sprintf("wanted: at most %.1f", wantedRatio)
		}
		_, _ = fmt.Fprintf(t, "%s\t%d\t%v\t%v\t%v\t%v\t%.2f\t%s\n", x.name, len(l.with)+len(l.without), short(percentile(l.with, 0.5)),
			short(percentile(l.without, 0.5)), short(percentile(l.with, 0.99)), short(percentile(l.without, 0.99)), l.ratio(), wanted)
	}
	return t.Flush()
}

// seed makes a community around the sample.
func (p *plant) seed(ctx context.Context, binary string) error {
	cmd := exec.CommandContext(ctx, binary, "seed", "--users", "200", "--interactions", "5000")
	cmd.Env = []string{"DATABASE_URL=" + p.postgres.URL}
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("seed: %w\n%s", err, text)
	}
	return nil
}

// load has clients ask both servers in turns for the time of a phase, and waits for the recovery after it.
func (p *plant) load(ctx context.Context, x phase, o options, plain *process.Docsquare) (*latencies, error) {
	bounded, cancel := context.WithTimeout(ctx, o.phase)
	defer cancel()
	var l latencies
	var all sync.WaitGroup
	for i := range o.clients {
		all.Go(func() { l.client(bounded, p.instances[0].server.URL, plain.URL, i%2 == 0) })
	}
	err := x.during(bounded, p)
	all.Wait()
	return &l, errors.Join(err, l.failed, wait(ctx, 2*recovery))
}

// client asks one server after the other, each time in the other order.
func (l *latencies) client(ctx context.Context, with, without string, first bool) {
	client := newClient()
	defer client.CloseIdleConnections()
	for ; ctx.Err() == nil; first = !first {
		if first {
			l.ask(ctx, client, with, &l.with)
			l.ask(ctx, client, without, &l.without)
		} else {
			l.ask(ctx, client, without, &l.without)
			l.ask(ctx, client, with, &l.with)
		}
	}
}

func (l *latencies) ask(ctx context.Context, client *http.Client, url string, into *[]time.Duration) {
	began := time.Now()
	err := call(context.WithoutCancel(ctx), client, url, "", feedQuery, nil, &struct{}{})
	took := time.Since(began)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failed = err
		return
	}
	*into = append(*into, took)
}
