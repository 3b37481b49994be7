package record

import "time"

// Operation is one operation, or one answer of a subscription, that has ended.
type Operation struct {
	Name  string // as its document names it; empty where it does not
	Type  string // query, mutation or subscription; empty where the request never became an operation
	Known bool   // whether its document is trusted, so that there is a bounded number of such names
	Kept  bool   // whether nothing was executed: the answer was kept from an earlier one
	// Connection is true if it came over a connection with many operations: its request is not its own.
	Connection bool
	Began      time.Time
	Took       time.Duration
	Codes      []string // of its errors
	// Sentences are those of its errors, in the same order, without what a client has sent.
	Sentences []string
	// Record is what it did.
	Record *Record
}

// Totals is a record in numbers.
type Totals struct {
	Keys       int // that resolvers have asked loaders for
	Batches    int
	Statements int
	RoundTrips int
}

// Totals sums a record up.
func (r *Record) Totals() (t Totals) {
	r.EachLoader(func(l Loader) {
		t.Keys += l.Keys
		t.Batches += l.Batches
	})
	if r == nil {
		return t
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t.Statements, t.RoundTrips = r.report.SQL.Statements, r.report.Redis.RoundTrips
	return t
}

// EachLoader calls f for each loader that did something.
func (r *Record) EachLoader(f func(Loader)) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.loaders {
		f(l)
	}
}
