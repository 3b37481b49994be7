// Package dashboard feeds the page that shows what the server does: it looks at the metrics again and again, remembers the
// last minutes, and streams what is new to those who may see it. It counts nothing itself but the times of operations by
// name, and it serves no page.
package dashboard

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docsquare/internal/account"
	"docsquare/internal/httpserver"
	"docsquare/internal/kinds"
)

const (
	interval  = 2 * time.Second
	maxFrames = 300 // ten minutes
	hotKeys   = 25
)

// Options of a feed.
type Options struct {
	Metrics prometheus.Gatherer
	Cache   *kinds.Cache
	Parts   []httpserver.Part

	// Titles returns what keys of the cache are about, for those of which it is known and public; nil: of none.
	Titles func(ctx context.Context, keys []string) (map[string]string, error)

	Version     string // of the binary
	Commit      string // that it was built from; empty if unknown
	Environment string
	Accounts    *account.Service
	Everybody   bool            // may look; otherwise administrators
	Draining    <-chan struct{} // closed when the server is about to end
	Log         *slog.Logger
}

// Feed is what the dashboard shows. Run it.
type Feed struct {
	options    Options
	started    time.Time
	operations *operations
	failures   *failures
	titles     titles

	mu     sync.Mutex
	frames []Frame
	next   chan struct{} // closed when there is another frame
}

// New is a feed.
func New(o Options) *Feed {
	return &Feed{options: o, started: time.Now(), operations: newOperations(), failures: newFailures(), frames: []Frame{}, next: make(chan struct{})}
}

// Run looks at the metrics until the context ends.
func (f *Feed) Run(ctx context.Context) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	before, _ := read(f.options.Metrics) // the next read returns the error
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		now, err := read(f.options.Metrics)
		if err != nil {
			f.options.Log.DebugContext(ctx, "metrics not read", "error", err)
			continue
		}
		f.add(frameOf(before, now))
		before = now
	}
}

func (f *Feed) add(frame Frame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.frames) == maxFrames {
		f.frames = append(make([]Frame, 0, maxFrames), f.frames[1:]...) // those who stream hold the old one
	}
	f.frames = append(f.frames, frame)
	close(f.next)
	f.next = make(chan struct{})
}

// history is all frames, and what is closed when there is another.
func (f *Feed) history() ([]Frame, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clip(f.frames), f.next
}

// Now is what has no course over time.
type Now struct {
	Version     string         `json:"version"`
	Commit      string         `json:"commit,omitempty"`
	Environment string         `json:"environment"`
	StartedAt   int64          `json:"startedAt"` // seconds since 1970
	Parts       []State        `json:"parts"`
	HotKeys     []HotKey       `json:"hotKeys"`
	Operations  []Operation    `json:"operations"`
	Errors      []Failure      `json:"errors"` // the latest first
	Kinds       []KindSettings `json:"kinds"`
}

// State is how a part of the server is.
type State struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

// HotKey is a key that is asked for often.
type HotKey struct {
	Kind     string `json:"kind"`
	Key      string `json:"key"`
	Title    string `json:"title"` // of what the key is about; empty if there is none, or it is not public
	Requests int64  `json:"requests"`
}

// KindSettings is what holds for the entries of a kind.
type KindSettings struct {
	Name string `json:"name"`
	TTL  int    `json:"ttl"` // seconds
}

func (f *Feed) now(ctx context.Context) Now {
	o := f.options
	now := Now{
		Version: o.Version, Commit: o.Commit, Errors: f.failures.list(), Environment: o.Environment, StartedAt: f.started.Unix(), Operations: f.operations.list(),
		Parts: []State{}, HotKeys: []HotKey{}, Kinds: []KindSettings{},
	}
	ctx, cancel := context.WithTimeout(ctx, interval)
	defer cancel()
	for _, p := range o.Parts {
		now.Parts = append(now.Parts, State{p.Name, p.State(ctx)})
	}
	hot := o.Cache.HotKeys(hotKeys)
	keys := make([]string, len(hot))
	for i, k := range hot {
		keys[i] = k.Key
	}
	titles := f.titles.of(ctx, keys, o)
	for _, k := range hot {
		now.HotKeys = append(now.HotKeys, HotKey{k.Kind, k.Key, titles[k.Key], k.Requests})
	}
	for _, k := range o.Cache.Usage().Kinds {
		now.Kinds = append(now.Kinds, KindSettings{k.Name, int(k.TTL.Seconds())})
	}
	return now
}
