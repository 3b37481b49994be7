package process

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Redis is a redis-server of one's own on a loopback port, without persistence. Its methods are for one goroutine.
type Redis struct {
	// Addr is host:port. It stays the same over Restart.
	Addr string

	binary  string
	args    []string
	tls     *tls.Config
	dir     string
	program *program
}

// RedisOptions say how to start a Redis. The zero value is a plain one.
type RedisOptions struct {
	// Args go after our own and so override them.
	Args []string
	// Sentinel is the configuration of a sentinel, which the server then is. It writes to a copy.
	Sentinel string
	// TLS is how a client connects to the only port, which then is encrypted: the Args name the server's certificate.
	TLS *tls.Config
}

// StartRedis starts redis-server and returns once it answers. The arguments go after our own and so override them. The
// error is a *MissingError where redis-server is not installed. The caller must Close it.
func StartRedis(ctx context.Context, args ...string) (*Redis, error) {
	return StartRedisWith(ctx, RedisOptions{Args: args})
}

// StartRedisWith is StartRedis with other options.
func StartRedisWith(ctx context.Context, o RedisOptions) (*Redis, error) {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, &MissingError{Program: "redis-server", Package: "redis-server"}
	}
	dir, err := os.MkdirTemp("", "docsquare-redis-")
	if err != nil {
		return nil, err
	}
	r := &Redis{binary: binary, dir: dir, tls: o.TLS}
	err = onFreePort(ctx, func(port int) error {
		r.Addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
		r.args = o.arguments(port, dir)
		if err := o.configure(dir); err != nil {
			return err
		}
		return r.start(ctx)
	})
	if err != nil {
		err = withLog(err, "redis-server", dir)
		r.Close()
		return nil, err
	}
	return r, nil
}

func (o RedisOptions) arguments(port int, dir string) []string {
	own := []string{"--port", strconv.Itoa(port)}
	if o.TLS != nil {
		own = []string{"--port", "0", "--tls-port", strconv.Itoa(port)}
	}
	own = append(own, "--bind", "127.0.0.1", "--dir", dir, "--loglevel", "notice")
	if o.Sentinel != "" {
		own = append([]string{filepath.Join(dir, sentinelConf), "--sentinel"}, own...)
	} else {
		own = append(own, "--save", "", "--appendonly", "no", "--maxmemory", "0")
	}
	return append(own, o.Args...)
}

const sentinelConf = "sentinel.conf"

func (o RedisOptions) configure(dir string) error {
	if o.Sentinel == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(dir, sentinelConf), []byte(o.Sentinel), 0o600)
}

func (r *Redis) start(ctx context.Context) error {
	// The server outlives the context, which bounds only the start.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), r.binary, r.args...)
	cmd.Dir = r.dir
	p, err := launch(cmd, filepath.Join(r.dir, logName), syscall.SIGKILL) // it also ends a frozen one
	if err != nil {
		return err
	}
	r.program = p
	return p.awaitReady(ctx, r.ready)
}

// ready asks the server for its process id: where two test binaries happened to choose the same port, the one that
// answers may belong to the other.
func (r *Redis) ready(ctx context.Context) error {
	conn, err := r.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return err
	}
	if _, err := conn.Write([]byte("INFO server\r\n")); err != nil {
		return err
	}
	reply := make([]byte, 4096) // the section is 600 bytes long and arrives whole
	n, err := conn.Read(reply)
	if err != nil {
		return err
	}
	mine := fmt.Appendf(nil, "process_id:%d\r\n", r.program.cmd.Process.Pid)
	if bytes.HasPrefix(reply[:n], []byte("-NOAUTH")) || bytes.Contains(reply[:n], mine) {
		return nil
	}
	return fmt.Errorf("%s is not ours: %q", r.Addr, reply[:n])
}

func (r *Redis) dial(ctx context.Context) (net.Conn, error) {
	if r.tls != nil {
		return (&tls.Dialer{Config: r.tls}).DialContext(ctx, "tcp", r.Addr)
	}
	return new(net.Dialer).DialContext(ctx, "tcp", r.Addr)
}

// URL is the address of database 0 in the form of REDIS_URL.
func (r *Redis) URL() string { return "redis://" + r.Addr + "/0" }

// Snapshot is the file into which SAVE writes the database, and from which a Restart reads it where the file exists.
func (r *Redis) Snapshot() string { return filepath.Join(r.dir, "dump.rdb") }

// Stop kills the server, as a crash would: connections break, nothing is saved. Stopping it twice is fine.
func (r *Redis) Stop() {
	if r.program != nil {
		r.program.end()
	}
}

// Running reports whether the server is running.
func (r *Redis) Running() bool {
	select {
	case <-r.program.ended:
		return false
	default:
		return true
	}
}

// Restart stops the server and starts it on the same port with the same arguments: with another run id, and empty unless
// there is a Snapshot.
func (r *Redis) Restart(ctx context.Context) error {
	r.Stop()
	if err := r.start(ctx); err != nil {
		return withLog(err, "redis-server", r.dir)
	}
	return nil
}

// Freeze suspends the server: it accepts connections (the kernel does) and answers nothing. When Freeze returns, the
// server has stopped.
func (r *Redis) Freeze() error {
	pid := r.program.cmd.Process.Pid
	if err := r.program.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	_, err := syscall.Wait4(pid, nil, syscall.WUNTRACED, nil)
	return err
}

// Thaw lets a frozen server go on where it was.
func (r *Redis) Thaw() error { return r.program.cmd.Process.Signal(syscall.SIGCONT) }

// Close stops the server and removes its files.
func (r *Redis) Close() {
	r.Stop()
	_ = os.RemoveAll(r.dir) // a leftover in the temporary directory is no reason to fail
}
