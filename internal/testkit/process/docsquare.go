package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Docsquare is an instance of the server itself on a loopback port: the binary, as an operator would run it. Its methods
// are for one goroutine, but for those that say otherwise.
type Docsquare struct {
	// URL is http://host:port. It stays the same over Start.
	URL string

	binary  string
	dir     string
	env     []string
	program *program
}

// StartDocsquare starts the binary with the variables of the environment, and no others, and returns once it answers. Its
// log is the file "log" in the directory. The caller must Kill it.
func StartDocsquare(ctx context.Context, binary, dir string, env ...string) (*Docsquare, error) {
	d := &Docsquare{binary: binary, dir: dir}
	err := onFreePort(ctx, func(port int) error {
		addr := "127.0.0.1:" + strconv.Itoa(port)
		d.URL, d.env = "http://"+addr, append(slices.Clone(env), "ADDR="+addr)
		return d.Start(ctx)
	})
	return d, err
}

// Start starts an instance that has ended: the same address, the same environment, the log goes on.
func (d *Docsquare) Start(ctx context.Context) error {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), d.binary, "serve")
	cmd.Dir, cmd.Env = d.dir, d.env
	p, err := launch(cmd, filepath.Join(d.dir, logName), syscall.SIGKILL)
	if err != nil {
		return fmt.Errorf("docsquare: %w", err)
	}
	d.program = p
	if err := p.awaitReady(ctx, d.ready); err != nil {
		p.end()
		return withLog(err, "docsquare", d.dir)
	}
	return nil
}

func (d *Docsquare) ready(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL+"/readyz", nil)
	if err != nil {
		return err
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body) // the text goes into an error anyway
		return errors.New(string(text))
	}
	return nil
}

// Kill ends the instance as kill -9 does, and waits until it is gone. Killing it twice is fine.
func (d *Docsquare) Kill() {
	if d.program != nil {
		d.program.end()
	}
}

// Signal sends a signal to the instance.
func (d *Docsquare) Signal(s syscall.Signal) error { return d.program.cmd.Process.Signal(s) }

// Resident returns how many bytes of memory the instance has. It works on Linux alone.
func (d *Docsquare) Resident() (bytes int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", d.program.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	var size, pages int64
	_, err = fmt.Sscan(string(text), &size, &pages)
	return pages * int64(os.Getpagesize()), err
}

// Ended is closed once the present run of the instance is over. Take it before others may call Start.
func (d *Docsquare) Ended() <-chan struct{} { return d.program.ended }
