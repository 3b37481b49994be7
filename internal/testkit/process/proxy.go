package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Mode is what a proxy does with what passes through it.
type Mode int

// The modes of a proxy.
const (
	Pass   Mode = iota // hands everything on
	Cut                // closes every connection and refuses new ones
	Freeze             // accepts and answers nothing; what was sent arrives when the mode changes, as after a lost route
	Slow               // holds everything back for SlowBy in each direction

	LoseRequests // closes a connection when its client sends something, which is not handed on
	LoseAnswers  // closes a connection when its server answers; the answer is not handed on
)

// SlowBy is the delay of Slow in one direction.
const SlowBy = 200 * time.Millisecond

// Proxy is a TCP proxy on a loopback port, whose mode can change at any time. Its methods are safe for concurrent use.
type Proxy struct {
	// Addr is host:port. It stays the same over all modes.
	Addr string

	target string

	mu      sync.Mutex
	mode    Mode
	changed chan struct{} // closed, and replaced, at each change of the mode
	conns   map[net.Conn]struct{}
	accept  net.Listener // nil while it refuses
	closed  bool
	running sync.WaitGroup
}

// StartProxy starts a proxy to an address. The caller must Close it.
func StartProxy(ctx context.Context, target string) (*Proxy, error) {
	p := &Proxy{Addr: "127.0.0.1:0", target: target, changed: make(chan struct{}), conns: map[net.Conn]struct{}{}}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.listen(ctx); err != nil {
		return nil, err
	}
	p.Addr = p.accept.Addr().String()
	return p, nil
}

// listen needs the lock. Its port may be in use for a moment by an outgoing connection of somebody else.
func (p *Proxy) listen(ctx context.Context) error {
	var config net.ListenConfig
	deadline := time.Now().Add(startTimeout)
	for {
		l, err := config.Listen(ctx, "tcp", p.Addr)
		if err == nil {
			p.accept = l
			p.running.Go(func() { p.serve(l) })
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("proxy of %s: %w", p.target, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(readyPoll):
		}
	}
}

// Set changes the mode.
func (p *Proxy) Set(ctx context.Context, mode Mode) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errors.New("the proxy is closed")
	}
	p.mode = mode
	close(p.changed)
	p.changed = make(chan struct{})
	if mode == Cut {
		p.refuse()
		return nil
	}
	if p.accept == nil {
		return p.listen(ctx)
	}
	return nil
}

// refuse needs the lock.
func (p *Proxy) refuse() {
	if p.accept != nil {
		_ = p.accept.Close() // nothing waits in it that anybody wants
		p.accept = nil
	}
	for c := range p.conns {
		_ = c.Close() // both ends notice
	}
}

// Close ends all connections and frees the port.
func (p *Proxy) Close() {
	p.mu.Lock()
	p.closed = true
	p.mode = Cut
	close(p.changed)
	p.changed = make(chan struct{})
	p.refuse()
	p.mu.Unlock()
	p.running.Wait()
}

func (p *Proxy) serve(l net.Listener) {
	for {
		client, err := l.Accept()
		if err != nil {
			return // closed
		}
		p.running.Go(func() { p.connect(client) })
	}
}

func (p *Proxy) connect(client net.Conn) {
	defer client.Close()
	if !p.adopt(client) {
		return
	}
	defer p.forget(client)
	var dialer net.Dialer
	server, err := dialer.DialContext(context.Background(), "tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.adopt(server) {
		return
	}
	defer p.forget(server)
	var both sync.WaitGroup
	both.Go(func() { p.pump(client, server, LoseRequests) })
	both.Go(func() { p.pump(server, client, LoseAnswers) })
	both.Wait()
}

func (p *Proxy) adopt(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode == Cut {
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

func (p *Proxy) forget(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// parcel is what was read at once.
type parcel struct {
	data []byte
	at   time.Time
}

// inFlight is how many parcels a direction holds before it stops to read, as the buffers of a network would.
const inFlight = 1024

// pump hands on what comes from one end to the other until either fails. The reader runs ahead, so that a delay is no bound
// of the throughput. Lost is the mode in which nothing of this direction arrives.
func (p *Proxy) pump(from, to net.Conn, lost Mode) {
	parcels := make(chan parcel, inFlight)
	go func() {
		defer close(parcels)
		for {
			data := make([]byte, 32<<10)
			n, err := from.Read(data)
			if n > 0 {
				parcels <- parcel{data[:n], time.Now()}
			}
			if err != nil {
				return
			}
		}
	}()
	for x := range parcels {
		if !p.hold(x.at, lost) {
			break
		}
		if _, err := to.Write(x.data); err != nil {
			break
		}
	}
	_ = from.Close() // the other direction ends with this one
	_ = to.Close()
	for range parcels { // lets the reader end
	}
}

// hold waits until what was read at a moment may go on; false where it never may.
func (p *Proxy) hold(since time.Time, lost Mode) bool {
	for {
		p.mu.Lock()
		mode, changed := p.mode, p.changed
		p.mu.Unlock()
		var due <-chan time.Time
		switch mode {
		case Cut, lost:
			return false
		case Pass, LoseRequests, LoseAnswers:
			return true
		case Slow:
			left := SlowBy - time.Since(since)
			if left <= 0 {
				return true
			}
			due = time.After(left)
		case Freeze:
		}
		select {
		case <-changed:
		case <-due:
			return true
		}
	}
}
