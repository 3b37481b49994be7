package record

import (
	"context"
	"time"
)

// The kinds of steps.
const (
	Level     = "level" // batches that run together
	Batch     = "batch" // one batch of a loader; its count is of keys
	Load      = "load"  // what no tier of the cache has, read from the database; of keys
	RoundTrip = "redis" // one round trip to Redis; of commands
	SQLText   = "sql"   // one statement; of rows returned, or affected by a write
)

// Step is one thing that took time. Times are milliseconds, from the start of the record.
type Step struct {
	Kind   string  `json:"kind"`
	Name   string  `json:"name"` // of the loader, the kind of entries, the call, or the text of the statement
	At     float64 `json:"at"`
	MS     float64 `json:"ms"`
	Count  int     `json:"count"`
	Failed bool    `json:"failed,omitempty"`
	Parent *int    `json:"parent,omitempty"` // the index of the step within which it was taken
}

// maxSteps is how many steps a record keeps: the memory of one is bounded, and more would not be readable.
const maxSteps = 500

// Taking is a step that is being taken. That of no record does nothing.
type Taking struct {
	record     *Record
	kind, name string
	began      time.Time
	index      int // -1: not kept
}

// Start begins a step of the operation. End it.
func (r *Record) Start(ctx context.Context, kind, name string) Taking {
	if r == nil {
		return Taking{}
	}
	t := Taking{record: r, kind: kind, name: name, began: time.Now(), index: -1}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.report.Steps) == maxSteps {
		r.report.Dropped++
		return t
	}
	s := Step{Kind: kind, Name: name, At: ms(t.began.Sub(r.started))}
	if within, ok := ctx.Value(ContextKey{}).(inStep); ok && within.record == r {
		s.Parent = &within.index
	}
	t.index = len(r.report.Steps)
	r.report.Steps = append(r.report.Steps, s)
	return t
}

// inStep is what a context has in the place of the record while a step is taken.
type inStep struct {
	record *Record
	index  int // of the step
}

// Within has the steps that start under the context be parts of this one.
func (t Taking) Within(ctx context.Context) context.Context {
	if t.record == nil || t.index < 0 {
		return ctx
	}
	return context.WithValue(ctx, ContextKey{}, inStep{t.record, t.index})
}

// End ends the step, which was about so many keys, commands or rows, and failed where there is an error.
func (t Taking) End(count int, err error) {
	if t.record == nil {
		return
	}
	took, r := ms(time.Since(t.began)), t.record
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.index >= 0 {
		r.report.Steps[t.index].MS, r.report.Steps[t.index].Failed = took, err != nil
	}
	switch t.kind {
	case SQLText:
		s := r.statement(t.name)
		s.Count++
		s.MS += took
		r.report.SQL.Statements++
		r.report.SQL.MS += took
	case RoundTrip:
		r.report.Redis.RoundTrips++
		r.report.Redis.Commands += count
		r.report.Redis.MS += took
	}
	t.add(count)
}

// Rows adds rows to a statement that has ended: they are read after it.
func (t Taking) Rows(n int) {
	if t.record == nil {
		return
	}
	t.record.mu.Lock()
	defer t.record.mu.Unlock()
	t.add(n)
}

// add counts; hold the record.
func (t Taking) add(count int) {
	if t.index >= 0 {
		t.record.report.Steps[t.index].Count += count
	}
	if t.kind == SQLText {
		t.record.statement(t.name).Rows += count
	}
}

func (r *Record) statement(text string) *Statement {
	s := r.texts[text]
	if s == nil {
		if r.texts == nil {
			r.texts = map[string]*Statement{}
		}
		s = &Statement{Text: text}
		r.texts[text] = s
	}
	return s
}
