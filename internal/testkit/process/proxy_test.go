package process

import (
	"bufio"
	"context"
	"net"
	"testing"
	"time"
)

// echo serves lines back until the test ends.
func echo(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for lines := bufio.NewScanner(c); lines.Scan(); {
					if _, err := c.Write(append(lines.Bytes(), '\n')); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// proxied is a connection through the proxy.
type proxied struct {
	net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, p *Proxy) proxied {
	t.Helper()
	var dialer net.Dialer
	c, err := dialer.DialContext(t.Context(), "tcp", p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return proxied{c, bufio.NewReader(c)}
}

func (c proxied) send(t *testing.T, line string) {
	t.Helper()
	if _, err := c.Write([]byte(line + "\n")); err != nil {
		t.Fatal(err)
	}
}

func (c proxied) receive(t *testing.T, want string) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(startTimeout)); err != nil {
		t.Fatal(err)
	}
	if got, err := c.lines.ReadString('\n'); err != nil || got != want+"\n" {
		t.Errorf("received %q, %v, want %q", got, err, want)
	}
}

func start(t *testing.T) *Proxy {
	t.Helper()
	p, err := StartProxy(t.Context(), echo(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func set(t *testing.T, p *Proxy, mode Mode) {
	t.Helper()
	if err := p.Set(t.Context(), mode); err != nil {
		t.Fatal(err)
	}
}

// TestProxyFreeze accepts and answers nothing, and hands on what was sent when it thaws.
func TestProxyFreeze(t *testing.T) {
	p := start(t)
	old := dial(t, p)
	old.send(t, "one")
	old.receive(t, "one")
	set(t, p, Freeze)
	young := dial(t, p)
	old.send(t, "two")
	young.send(t, "three")
	if err := old.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got, err := old.lines.ReadString('\n'); err == nil {
		t.Errorf("a frozen proxy answered %q", got)
	}
	set(t, p, Pass)
	old.receive(t, "two")
	young.receive(t, "three")
}

// TestProxyCut closes what is open and refuses what is new, at the same address until it is repaired.
func TestProxyCut(t *testing.T) {
	p := start(t)
	c := dial(t, p)
	c.send(t, "one")
	c.receive(t, "one")
	set(t, p, Cut)
	if got, err := c.lines.ReadString('\n'); err == nil {
		t.Errorf("a cut connection answered %q", got)
	}
	var dialer net.Dialer
	if refused, err := dialer.DialContext(t.Context(), "tcp", p.Addr); err == nil {
		_ = refused.Close()
		t.Error("a cut proxy accepted a connection")
	}
	set(t, p, Pass)
	again := dial(t, p)
	again.send(t, "two")
	again.receive(t, "two")
}

// TestProxySlow holds everything back, once in each direction.
func TestProxySlow(t *testing.T) {
	p := start(t)
	set(t, p, Slow)
	c := dial(t, p)
	began := time.Now()
	c.send(t, "one")
	c.receive(t, "one")
	if took := time.Since(began); took < 2*SlowBy {
		t.Errorf("there and back in %v", took)
	}
}

// TestProxyClosed is an error, not a new life.
func TestProxyClosed(t *testing.T) {
	p := start(t)
	p.Close()
	if err := p.Set(context.Background(), Pass); err == nil {
		t.Error("a closed proxy took a mode")
	}
}
