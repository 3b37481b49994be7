// Package record owns the record of one operation: what its loaders, the cache, Redis and the database did for it. The
// same record is shown to clients as extensions.explain and asserted by tests. It must not decide anything.
package record

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Record counts the work of one operation. A nil Record counts nothing, so callers never ask whether there is one. It
// is safe for concurrent use.
type Record struct {
	full    bool // whether it was asked for, and notes tags too
	started time.Time

	mu      sync.Mutex
	report  Report
	loaders []Loader
	kinds   []Kind
	first   [1]Kind // memory of kinds, enough for an answer that was kept
	texts   map[string]*Statement
	tags    map[string]struct{}
}

// usual is for how many loaders and kinds there is memory from the first, or the second kind, on.
const usual = 8

// Loader has the counts of one loader of the operation.
type Loader struct {
	Name    string `json:"name"`
	Keys    int    `json:"keys"`    // asked for, doubles included
	Unique  int    `json:"unique"`  // sent on in batches
	Batches int    `json:"batches"` // levels in which it had keys to read
	Timer   int    `json:"timer"`   // batches outside a level, which a timer has sent: 0 if every field that loads has an edge
}

// Kind counts where the entries of one kind came from.
type Kind struct {
	Name     string `json:"name"`
	Near     int    `json:"near"`     // hits in the process
	Far      int    `json:"far"`      // hits in Redis
	Stale    int    `json:"stale"`    // served past their time while a refresh runs
	Negative int    `json:"negative"` // hits that say there is nothing
	Shared   int    `json:"shared"`   // taken from a load that was already under way
	Loads    int    `json:"loads"`    // keys read from the database
}

// Add adds what another has counted.
func (k *Kind) Add(c Kind) {
	k.Near += c.Near
	k.Far += c.Far
	k.Stale += c.Stale
	k.Negative += c.Negative
	k.Shared += c.Shared
	k.Loads += c.Loads
}

// Statement is one SQL text and how often it ran.
type Statement struct {
	Text  string  `json:"text"`
	Count int     `json:"count"`
	Rows  int     `json:"rows"` // returned, or affected by a write
	MS    float64 `json:"ms"`
}

// SQL sums the statements up.
type SQL struct {
	Statements int          `json:"statements"`
	MS         float64      `json:"ms"`
	List       []*Statement `json:"list"`
}

// Redis sums the round trips up. A fill that is sent after the answer counts as the round trip that it will be.
type Redis struct {
	RoundTrips int     `json:"roundTrips"`
	Commands   int     `json:"commands"`
	MS         float64 `json:"ms"`
}

// Cost is the operation's price in points.
type Cost struct {
	Estimated int `json:"estimated"` // before, from the text alone
	Actual    int `json:"actual"`    // after, from what was done
}

// Parts splits the time up, in milliseconds. SQL and Redis are sums over calls that may overlap.
type Parts struct {
	Parse    float64 `json:"parse"`
	Validate float64 `json:"validate"`
	Execute  float64 `json:"execute"`
	SQL      float64 `json:"sql"`
	Redis    float64 `json:"redis"`
}

// Report is a Record at one moment, ready to be shown. Times are milliseconds.
type Report struct {
	TotalMS float64   `json:"totalMs"`
	Parts   Parts     `json:"parts"`
	Cost    Cost      `json:"cost"`
	Loaders []*Loader `json:"loaders"`
	Kinds   []*Kind   `json:"kinds"`
	SQL     SQL       `json:"sql"`
	Redis   Redis     `json:"redis"`
	Steps   []Step    `json:"steps"`
	Dropped int       `json:"stepsDropped,omitempty"` // steps beyond those that are kept
	Tags    []string  `json:"tags"`
}

// ContextKey is the key of a *Record in a context, and of the step that is taken.
type ContextKey struct{}

// With starts a full record for the operation of the context: one that somebody has asked for.
func With(ctx context.Context) (context.Context, *Record) { return with(ctx, true) }

// Brief starts a record that the server keeps for itself. It notes no tags, of which an answer can have hundreds.
func Brief(ctx context.Context) (context.Context, *Record) { return with(ctx, false) }

func with(ctx context.Context, full bool) (context.Context, *Record) {
	r := New(full)
	return context.WithValue(ctx, ContextKey{}, r), r
}

// New starts a record: a full one, see With, or a brief one.
func New(full bool) *Record { return &Record{full: full, started: time.Now()} }

// Full reports whether the record was requested.
func (r *Record) Full() bool { return r != nil && r.full }

// Started is when the record was.
func (r *Record) Started() time.Time { return r.started }

// From is the record of the operation, nil where none is kept.
func From(ctx context.Context) *Record {
	switch v := ctx.Value(ContextKey{}).(type) {
	case *Record:
		return v
	case inStep:
		return v.record
	}
	return nil
}

// Without returns a context without a record, for work in the background of the operation.
func Without(ctx context.Context) context.Context {
	return context.WithValue(ctx, ContextKey{}, (*Record)(nil))
}

// Batch counts a batch of the named loader: the keys that it was asked for, and those among them that it had to read. Outside
// means that the batch was not part of a level.
func (r *Record) Batch(name string, keys, unique int, outside bool) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.loader(name)
	l.Keys += keys
	l.Unique += unique
	if unique > 0 {
		l.Batches++
	}
	if outside {
		l.Timer++
	}
}

// loader returns the named loader. Hold the record.
func (r *Record) loader(name string) *Loader {
	for i := range r.loaders { // they are few
		if r.loaders[i].Name == name {
			return &r.loaders[i]
		}
	}
	if r.loaders == nil {
		r.loaders = make([]Loader, 0, usual)
	}
	r.loaders = append(r.loaders, Loader{Name: name})
	return &r.loaders[len(r.loaders)-1]
}

// Kind adds counts of the named kind.
func (r *Record) Kind(name string, c Kind) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.kinds {
		if r.kinds[i].Name == name {
			r.kinds[i].Add(c)
			return
		}
	}
	switch len(r.kinds) {
	case 0:
		r.kinds = r.first[:0]
	case len(r.first):
		r.kinds = slices.Grow(r.kinds, usual)
	}
	c.Name = name
	r.kinds = append(r.kinds, c)
}

// Tagged notes the tags of what was read, in a full record.
func (r *Record) Tagged(tags ...string) {
	if !r.Full() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tags == nil {
		r.tags = map[string]struct{}{}
	}
	for _, t := range tags {
		r.tags[t] = struct{}{}
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
