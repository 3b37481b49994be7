package dashboard

import (
	"context"
	"math"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"docsquare/internal/httpserver"
	"docsquare/internal/telemetry/record"
)

// Operation is what the server has done under one name since its start.
type Operation struct {
	Name       string  `json:"name"`
	Type       string  `json:"type"`
	Count      int     `json:"count"`
	Mean       float64 `json:"mean"`       // milliseconds
	Max        float64 `json:"max"`        // milliseconds
	Statements float64 `json:"statements"` // of each, on average
	RoundTrips float64 `json:"roundTrips"`
	Errors     int     `json:"errors"`
}

// maxOperations is how many names are remembered: clients make them up.
const maxOperations = 200

// operations remembers operations by name.
type operations struct {
	mu    sync.Mutex
	names *lru.Cache[name, *sums]
}

type name struct{ name, kind string }

type sums struct {
	count, errors, statements, roundTrips int
	took, longest                         time.Duration
}

func newOperations() *operations {
	names, _ := lru.New[name, *sums](maxOperations) // it fails for no size alone
	return &operations{names: names}
}

func (o *operations) observe(op record.Operation) {
	if op.Type == "" {
		return
	}
	totals, n := op.Record.Totals(), name{op.Name, op.Type}
	o.mu.Lock()
	defer o.mu.Unlock()
	s, ok := o.names.Get(n)
	if !ok {
		s = &sums{}
		o.names.Add(n, s)
	}
	s.count++
	s.took += op.Took
	s.longest = max(s.longest, op.Took)
	s.statements += totals.Statements
	s.roundTrips += totals.RoundTrips
	if len(op.Codes) > 0 {
		s.errors++
	}
}

func (o *operations) list() []Operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := make([]Operation, 0, o.names.Len())
	for _, n := range o.names.Keys() {
		s, _ := o.names.Peek(n)
		of := func(total float64) float64 { return math.Round(total/float64(s.count)*100) / 100 }
		list = append(list, Operation{
			Name: n.name, Type: n.kind, Count: s.count, Errors: s.errors, Max: math.Round(1000*s.longest.Seconds()*100) / 100,
			Mean: of(1000 * s.took.Seconds()), Statements: of(float64(s.statements)), RoundTrips: of(float64(s.roundTrips)),
		})
	}
	return list
}

// Observe notes an operation for the tables of operations and errors.
func (f *Feed) Observe(ctx context.Context, op record.Operation) {
	f.operations.observe(op)
	f.failures.observe(op, httpserver.RequestID(ctx))
}
