package oidc

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	testIssuer   = "https://issuer.example/realm"
	testAudience = "docsquare"
)

// fake is an issuer: a real server, on loopback or, in a bubble, on pipes.
type fake struct {
	*httptest.Server
	pipes *pipes

	mu      sync.Mutex
	keys    []object
	fetches int
	answer  http.HandlerFunc // in the place of the key set, where it is set
}

func newFake(t *testing.T, keys ...object) *fake {
	f := &fake{keys: keys}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

// newBubble is a fake for a synctest bubble, where a real connection would hold up the clock.
func newBubble(t *testing.T, keys ...object) *fake {
	f := &fake{keys: keys, pipes: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(f.serve))
	must(0, f.Listener.Close())
	f.Listener = f.pipes
	f.Start()
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.fetches++
	answer, body := f.answer, toJSON(object{"keys": f.keys})
	f.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	_, _ = w.Write([]byte(body))
}

func (f *fake) publish(keys ...object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys = keys
}

func (f *fake) answers(answer http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

func (f *fake) fetched(t *testing.T, want int) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fetches != want {
		t.Errorf("%d fetches, want %d", f.fetches, want)
	}
}

// accepts is an issuer of docsquare's side that asks the fake, with some options other than usual.
func (f *fake) accepts(t *testing.T, change ...func(*Options)) *Issuer {
	t.Helper()
	o := Options{Issuer: testIssuer, Audience: testAudience, JWKS: f.URL + "/keys"}
	if f.pipes != nil {
		o.Client = &http.Client{Transport: &http.Transport{DialContext: f.pipes.dial, DisableKeepAlives: true}}
	}
	for _, c := range change {
		c(&o)
	}
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// run runs an issuer until the test ends.
func run(t *testing.T, i *Issuer) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		i.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// pipes is a network without sockets.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.conns <- far:
		return near, nil
	case <-p.closed:
	case <-ctx.Done():
	}
	return nil, errors.Join(near.Close(), far.Close(), errors.New("no listener"))
}
