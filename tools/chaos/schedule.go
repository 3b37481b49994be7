package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// step is one fault of the schedule, after a pause in which everything is well.
type step struct {
	fault string
	pause time.Duration
}

// The pauses between faults. Each begins with the time for recovery, so that the rest is judged as healthy.
const (
	shortestPause = recovery + 1500*time.Millisecond
	longestPause  = recovery + 3000*time.Millisecond
)

// schedule is an endless row of faults: each kind once in random order, then each again in another.
type schedule struct {
	random *rand.Rand
	names  []string
	round  []string
}

func newSchedule(seed uint64, names []string) *schedule {
	return &schedule{random: rand.New(rand.NewPCG(seed, 1)), names: names}
}

func (s *schedule) next() step {
	if len(s.round) == 0 {
		s.round = slices.Clone(s.names)
		s.random.Shuffle(len(s.round), func(i, j int) { s.round[i], s.round[j] = s.round[j], s.round[i] })
	}
	x := step{fault: s.round[0], pause: shortestPause + time.Duration(s.random.Int64N(int64(longestPause-shortestPause)))}
	s.round = s.round[1:]
	return x
}

// choose is the faults that a list names, all of them for an empty list.
func choose(all []fault, list string) ([]fault, error) {
	if list == "" {
		return all, nil
	}
	var chosen []fault
	for name := range strings.SplitSeq(list, ",") {
		i := slices.IndexFunc(all, func(f fault) bool { return f.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no fault %q: there are %s", name, strings.Join(names(all), ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func names(of []fault) []string {
	list := make([]string, len(of))
	for i, f := range of {
		list[i] = f.name
	}
	return list
}
