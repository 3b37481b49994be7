//go:build chaos

package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// sabotageEnv says how this build misbehaves, as a list such as "crash=signal,outbox=off,order=early":
//
//	crash=signal  the next write after a SIGUSR1 kills the process, after its commit and before any stamp is replaced
//	crash=0.01    each write does so, with this probability
//	outbox=off    no row of the outbox is written, so that a crash loses the invalidation
//	order=early   the stamps are replaced before the commit and not after it
const sabotageEnv = "DOCSQUARE_SABOTAGE"

// sabotage is one for the process, as its environment and its signals are.
var sabotage = readSabotage(os.Getenv(sabotageEnv))

type sabotages struct {
	armed     atomic.Bool // the next write crashes
	crash     float64
	noOutbox  bool
	beginning bool // stamps first
}

func readSabotage(text string) *sabotages {
	s := &sabotages{}
	for word := range strings.SplitSeq(text, ",") {
		switch name, value, _ := strings.Cut(word, "="); {
		case word == "crash=signal":
			s.arm()
		case name == "crash":
			p, err := strconv.ParseFloat(value, 64)
			if err != nil {
				panic(fmt.Sprintf("%s: %q is no probability", sabotageEnv, value))
			}
			s.crash = p
		case word == "outbox=off":
			s.noOutbox = true
		case word == "order=early":
			s.beginning = true
		case word != "":
			panic(fmt.Sprintf("%s does not know %q", sabotageEnv, word))
		}
	}
	return s
}

func (s *sabotages) arm() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for range signals {
			s.armed.Store(true)
		}
	}()
}

func (s *Store) beforeCommit(ctx context.Context, tx *Tx) (row int, err error) {
	if sabotage.beginning {
		s.deliver(ctx, 0, tx.tags)
		return 0, nil
	}
	if sabotage.noOutbox {
		return 0, nil
	}
	return s.writeDown(ctx, tx)
}

func (s *Store) afterCommit(ctx context.Context, row int, tags map[string]struct{}) {
	if sabotage.armed.Load() || rand.Float64() < sabotage.crash {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // not a step further
	}
	if !sabotage.beginning {
		s.deliver(ctx, row, tags)
	}
}
