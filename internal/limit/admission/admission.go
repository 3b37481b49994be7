// Package admission decides whose requests run now and whose wait, when there is more work than CPU. Budgets over time do not: many clients
// that each stay within their budget are more than the CPUs can do at one moment.
//
// Each client has a debt: the points that its requests did cost, which decays by Leak points a second, and some for each that runs. Requests
// of clients with a debt of at most Free run at once. All others share the slots, which are fewer than the CPUs, and of those that wait the
// one of the client with the smallest debt is next. A request that becomes expensive while it runs joins them in the middle. So a client that
// asks for little never waits for one that asks for much, and those share what is left by what they have had: it is fair queueing by work,
// with the debt as the virtual time (https://doi.org/10.1145/75246.75248).
package admission

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"docsquare/internal/errs"
	"docsquare/internal/limit/cpu"
)

// Options of a gate. Zero values are replaced by the defaults.
type Options struct {
	Slots   int           // requests of clients in debt that run at one time; 0: half of the CPUs
	Free    float64       // points of debt that are no debt; 0: 100
	Leak    float64       // points a second; 0: 100
	Waiting int           // requests that wait at most, each with its body; 0: 64
	Wait    time.Duration // how long a request waits for a slot at most; 0: 30 s
	Hold    time.Duration // how long a slot is kept at most while the client is waited for; 0: 250 ms
	Clients int           // clients that are remembered; 0: 100,000
}

// Gate admits requests. A nil gate admits all at once. It is safe for concurrent use.
type Gate struct {
	options Options

	mu      sync.Mutex
	running int // requests that have a slot
	waiting []*waiter
	clients map[string]*client
}

// runningPoints is how many points a request owes that has no slot, as its price is not known yet.
const runningPoints = 20

// client is what a client owed at a moment, and its requests that have no slot: they run or wait for one.
type client struct {
	points  float64
	at      time.Time
	running int
}

// waiter is a request that waits for a slot.
type waiter struct {
	client string
	points int           // what it has cost so far
	turn   chan struct{} // closed when it has a slot
}

// New returns a gate.
func New(o Options) *Gate {
	o.Slots = cmp.Or(o.Slots, cpu.Half())
	o.Free, o.Leak = cmp.Or(o.Free, 100), cmp.Or(o.Leak, 100)
	o.Waiting, o.Clients = cmp.Or(o.Waiting, 64), cmp.Or(o.Clients, 100_000)
	o.Wait, o.Hold = cmp.Or(o.Wait, 30*time.Second), cmp.Or(o.Hold, 250*time.Millisecond)
	return &Gate{options: o, clients: map[string]*client{}}
}

// busyRetry is how long a client is to wait that finds too many waiting.
const busyRetry = time.Second

// Turn is a request that may run. A nil one is of a gate that admits all.
type Turn struct {
	gate   *Gate
	client string
	slot   bool // it has one of the slots; the gate's lock guards its changes
	left   bool // guarded by the gate's lock

	late *time.Timer // nil: no client is waited for
}

// Enter blocks until a request of the client may run, which costs so many points at least. Call Leave when it has run. The error is
// RATE_LIMITED if too many requests wait, or that of a context that ends before it may, see Options.Wait.
func (g *Gate) Enter(ctx context.Context, client string, points int) (*Turn, error) {
	if g == nil {
		return nil, nil //nolint:nilnil // whose methods do nothing
	}
	g.mu.Lock()
	g.client(client, time.Now()).running++
	g.mu.Unlock()
	t := &Turn{gate: g, client: client}
	if err := t.Costs(ctx, points); err != nil {
		t.Leave()
		return nil, err
	}
	return t, nil
}

// Costs notes what a request has cost so far. If its client owes too much with that, the request waits for a slot. The errors are those of
// Enter, or that of package context if it has left meanwhile. It has to end then.
func (t *Turn) Costs(ctx context.Context, points int) error {
	if t == nil || t.slot {
		return nil
	}
	g := t.gate
	g.mu.Lock()
	if g.owed(t.client, time.Now())+float64(points-runningPoints) <= g.options.Free {
		g.mu.Unlock()
		return nil
	}
	w, err := g.enqueue(t.client, points)
	g.mu.Unlock()
	if err == nil {
		err = g.wait(ctx, w)
	}
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if t.left { // while it waited
		g.release()
		return context.Canceled
	}
	g.left(t.client)
	t.slot = true
	return nil
}

// enqueue returns a waiter for a slot, or the error if too many wait. It needs the lock.
func (g *Gate) enqueue(client string, points int) (*waiter, error) {
	w := &waiter{client, points, make(chan struct{})}
	switch {
	case g.running < g.options.Slots:
		g.running++
		close(w.turn)
	case len(g.waiting) >= g.options.Waiting:
		e := errs.New(errs.RateLimited, "the server is busy, and has done much for you: wait a second, or ask for less")
		e.RetryAfter = busyRetry
		return nil, e
	default:
		g.waiting = append(g.waiting, w)
	}
	return w, nil
}

// wait returns when the waiter has a slot, or with the error of a context that ends before: ctx, or one that ends after Options.Wait.
func (g *Gate) wait(ctx context.Context, w *waiter) error {
	select {
	case <-w.turn: // as a rule, and then nothing needs a timer
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, g.options.Wait)
	defer cancel()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if at := slices.Index(g.waiting, w); at >= 0 {
		g.waiting = slices.Delete(g.waiting, at, at+1)
	} else { // it got a slot at the same moment
		g.release()
	}
	return ctx.Err()
}

// Waits notes that from now on the request may wait for its client, such as for the bytes of a form, or for an answer to be taken: after
// Options.Hold the slot is another's. Call it from the goroutine of the request.
func (t *Turn) Waits() {
	if t != nil && t.slot && t.late == nil {
		t.late = time.AfterFunc(t.gate.options.Hold, t.leave)
	}
}

// Works notes that the request does not wait for its client any more.
func (t *Turn) Works() {
	if t != nil && t.late != nil {
		t.late.Stop()
		t.late = nil
	}
}

// Leave ends the request. Calling it again does nothing.
func (t *Turn) Leave() {
	if t != nil {
		t.Works()
		t.leave()
	}
}

func (t *Turn) leave() {
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	switch {
	case t.left:
		return
	case t.slot:
		t.gate.release()
	default:
		t.gate.left(t.client)
	}
	t.left = true
}

// release passes a slot on to the waiter whose client owes least. It needs the lock.
func (g *Gate) release() {
	if len(g.waiting) == 0 {
		g.running--
		return
	}
	now, next := time.Now(), 0
	for i, w := range g.waiting {
		if g.owes(w, now) < g.owes(g.waiting[next], now) {
			next = i
		}
	}
	close(g.waiting[next].turn)
	g.waiting = slices.Delete(g.waiting, next, next+1)
}

// owes returns what a client that waits owes, with what the waiting request has cost. It needs the lock.
func (g *Gate) owes(w *waiter, now time.Time) float64 {
	return g.owed(w.client, now) + float64(w.points)
}

// left ends a request that has no slot, or notes that it has one now. It needs the lock.
func (g *Gate) left(name string) {
	if c := g.clients[name]; c != nil && c.running > 0 {
		c.running--
		if g.owed(name, time.Now()) == 0 {
			delete(g.clients, name)
		}
	}
}

// owed returns what a client owes now. It needs the lock.
func (g *Gate) owed(name string, now time.Time) float64 {
	c := g.clients[name]
	if c == nil {
		return 0
	}
	return max(0, c.points-g.options.Leak*now.Sub(c.at).Seconds()) + float64(c.running*runningPoints)
}

// client returns what is known of a client, a new one if there is none. It needs the lock.
func (g *Gate) client(name string, now time.Time) *client {
	c := g.clients[name]
	if c == nil {
		if len(g.clients) >= g.options.Clients {
			g.forget(now)
		}
		c = &client{at: now}
		g.clients[name] = c
	}
	return c
}

// Note adds what a request of a client did cost to its debt.
func (g *Gate) Note(client string, points int) {
	if g == nil || points <= 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	c := g.client(client, now)
	c.points = max(0, c.points-g.options.Leak*now.Sub(c.at).Seconds()) + float64(points)
	c.at = now
}

// forget removes clients without debt, and as many others as needed for a tenth of the room. It needs the lock.
func (g *Gate) forget(now time.Time) {
	for name := range g.clients {
		if g.owed(name, now) == 0 {
			delete(g.clients, name)
		}
	}
	for name := range g.clients {
		if len(g.clients) < g.options.Clients-g.options.Clients/10 {
			return
		}
		delete(g.clients, name)
	}
}
