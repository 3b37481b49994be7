package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// order is what a hostile client is to do. Hostile clients run in a process of their own, with a low priority: in life they are on other
// machines, and their work must slow down neither the server nor the clients that are measured.
type order struct {
	URL, Token, Document, Kind string
	Number                     int
}

const lowPriority = 10

// attack runs hostile clients in another process until the time is over, and returns what became of their requests.
func attack(ctx context.Context, orders []order, d time.Duration) (map[string]*tally, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-attack", "-duration", d.String())
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	by := map[string]*tally{}
	err = json.NewEncoder(in).Encode(orders)
	if err == nil {
		err = json.NewDecoder(out).Decode(&by)
	}
	if ended := cmd.Wait(); err == nil {
		err = ended
	}
	return by, err
}

// attacked is the other side of attack: it reads the orders, and writes the tallies.
func attacked(ctx context.Context, d time.Duration, in io.Reader, out io.Writer) error {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowPriority); err != nil {
		return fmt.Errorf("priority: %w", err)
	}
	var orders []order
	if err := json.NewDecoder(in).Decode(&orders); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	into := &tallies{by: map[string]*tally{}}
	var all sync.WaitGroup
	for _, x := range orders {
		k, err := chosen(x.Kind)
		if err != nil {
			return err
		}
		a := &attacker{client: newClient(x.URL, hostileWard, x.Number+1), kind: k[0], order: x, revision: 1}
		a.token = x.Token
		all.Go(func() { a.run(ctx, into) })
	}
	all.Wait()
	return json.NewEncoder(out).Encode(into.by)
}
