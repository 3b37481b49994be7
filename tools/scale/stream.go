package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/user"
	"docsquare/internal/cli/seed"
	"docsquare/internal/nodeid"
	"docsquare/internal/viewer"
)

// The stream: views and likes a second, spread over so many documents, and how long it flows.
const (
	viewRate       = 5000
	likeRate       = 200
	streamed       = 5000
	streamTime     = 150 * time.Second
	tick           = 10 * time.Millisecond
	likers         = 100
	burst          = 30_000 // views that make a document the hottest
	burstEvery     = 40 * time.Second
	rankingsASec   = 20
	trendingLength = 10
)

// stream has readers view and like documents while others look at the ranking, and measures what that takes.
func stream(ctx context.Context, s *site, out io.Writer) error {
	docs, err := s.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).Order(ent.Desc(document.FieldCreatedAt)).Limit(streamed).All(ctx)
	if err != nil {
		return err
	}
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = nodeid.ID{Type: nodeid.Document, UUID: d.ID}.String()
	}
	tokens, err := s.likers(ctx)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	workers.Go(func() { s.Interactions.Run(working) })
	timed, cancel := context.WithTimeout(ctx, streamTime)
	defer cancel()
	f := flow{site: s, documents: ids, tokens: tokens}
	writes, cpu := s.writes(), cpuTime()
	var all sync.WaitGroup
	all.Go(func() { f.every(timed, viewRate, f.view) })
	all.Go(func() { f.every(timed, likeRate, f.like) })
	all.Go(func() { f.every(timed, rankingsASec, f.look) })
	all.Go(func() { f.bursts(timed) })
	all.Wait()
	stop()
	workers.Wait()
	seconds := streamTime.Seconds()
	_, _ = fmt.Fprintf(out, "%s: %.0f views/s, %.0f likes/s, %.1f write transactions/s, CPU %.2f of a core with the clients; "+
		"rankings read %d times, p50 %.2f ms, p99 %.1f ms; a document made the hottest was there after %v; errors %d %v\n",
		s.name, float64(f.views.Load())/seconds, float64(f.likes.Load())/seconds, (s.writes()-writes)/seconds,
		(cpuTime()-cpu).Seconds()/seconds, len(f.looks), percentile(slices.Sorted(slices.Values(f.looks)), 0.5),
		percentile(slices.Sorted(slices.Values(f.looks)), 0.99), f.shown, f.failed.Load(), f.first.Load())
	return nil
}

// likers signs some readers of the seed in.
func (s *site) likers(ctx context.Context) ([]string, error) {
	users, err := s.Store.DB.User.Query().Where(user.UsernameHasPrefix(seed.ReaderPrefix)).Limit(likers).All(ctx)
	if err != nil || len(users) == 0 {
		return nil, errors.Join(err, errors.New("there are no readers: seed the database"))
	}
	var tokens []string
	for _, u := range users {
		in, err := s.Accounts.SignIn(ctx, u.ID, viewer.Viewer{UserAgent: "stream"})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, in.Token)
	}
	return tokens, nil
}

func cpuTime() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // it does not fail for oneself
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// flow is the stream under way.
type flow struct {
	site              *site
	documents, tokens []string
	views, likes      atomic.Int64
	failed            atomic.Int64
	first             atomic.Value // error

	mu    sync.Mutex
	looks []float64 // in milliseconds
	top   []string  // the ranking as it was last seen
	shown []time.Duration
}

// every calls f so often a second, in bundles. Calls run side by side.
func (f *flow) every(ctx context.Context, rate int, call func(context.Context)) {
	t := time.NewTicker(tick)
	defer t.Stop()
	started, done := time.Now(), 0
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		due := int(time.Since(started).Seconds()*float64(rate)) - done
		done += due
		all.Go(func() {
			for range due {
				call(context.WithoutCancel(ctx))
			}
		})
	}
}

func (f *flow) send(ctx context.Context, query, token, address string, variables map[string]any) []byte {
	body, err := f.site.send(ctx, query, token, address, variables)
	if err != nil {
		f.failed.Add(1)
		f.first.CompareAndSwap(nil, err.Error())
	}
	return body
}

func address() string {
	return fmt.Sprintf("10.%d.%d.%d:1", rand.IntN(250), rand.IntN(250), rand.IntN(250))
}

func (f *flow) view(ctx context.Context) {
	at := int(float64(len(f.documents)) * rand.Float64() * rand.Float64() * rand.Float64()) // a few far more than others
	f.send(ctx, viewed, "", address(), map[string]any{"id": f.documents[at]})
	f.views.Add(1)
}

const viewed = `mutation ($id: ID!) { recordView(input: {documentId: $id}) { document { id } } }`

func (f *flow) like(ctx context.Context) {
	id, token := f.documents[rand.IntN(len(f.documents))], f.tokens[rand.IntN(len(f.tokens))]
	f.send(ctx, `mutation ($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }`, token, address(), map[string]any{"id": id})
	f.likes.Add(1)
}

func (f *flow) look(ctx context.Context) {
	started := time.Now()
	body := f.send(ctx, fmt.Sprintf(`{ trendingDocuments(first: %d) { id } }`, trendingLength), "", address(), nil)
	took := time.Since(started)
	var got struct {
		Data struct{ TrendingDocuments []struct{ ID string } }
	}
	_ = json.Unmarshal(body, &got) // what is broken shows no document
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks, f.top = append(f.looks, float64(took.Microseconds())/1000), f.top[:0]
	for _, d := range got.Data.TrendingDocuments {
		f.top = append(f.top, d.ID)
	}
}

// bursts makes another document the hottest now and then, and waits until the ranking shows it.
func (f *flow) bursts(ctx context.Context) {
	for n := 1; ctx.Err() == nil; n++ {
		id := f.documents[len(f.documents)-n]
		for range burst * n {
			f.send(context.WithoutCancel(ctx), viewed, "", address(), map[string]any{"id": id})
		}
		started := time.Now()
		for looking := time.NewTicker(tick); !f.isTop(id); {
			select {
			case <-looking.C:
			case <-ctx.Done():
				return
			}
		}
		f.mu.Lock()
		f.shown = append(f.shown, time.Since(started).Round(100*time.Millisecond))
		f.mu.Unlock()
		select {
		case <-time.After(burstEvery):
		case <-ctx.Done():
		}
	}
}

func (f *flow) isTop(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.top, id)
}

// writes returns how many transactions the server has committed.
func (s *site) writes() (n float64) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(s.Store.Collectors()...)
	families, err := registry.Gather()
	if err != nil {
		return 0
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "docsquare_write_transactions_total" && m.GetLabel()[0].GetValue() == "committed" {
				n += m.GetCounter().GetValue()
			}
		}
	}
	return n
}
