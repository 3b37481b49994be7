package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// The bounds of a run.
const (
	slower     = 5        // times slower the 99th percentile may be with hostile clients
	moreMemory = 1.15     // times the memory of the second quarter that the last may have, and
	memoryRoom = 32 << 20 // bytes in addition
	shownFails = 5
)

// report prints what a run has shown. The error names the bounds that it has exceeded.
func report(out io.Writer, alone, during measured) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(format string, args ...any) {
		_, _ = fmt.Fprintf(t, format+"\n", args...) // Flush returns the failure
	}
	row("normal requests\talone\tp50\tp99\tbeside\tp50\tp99\tratio of p99\tlongest")
	line := func(name string, a, b []time.Duration) float64 {
		slices.Sort(a)
		slices.Sort(b)
		ratio := float64(at(b, 0.99)) / float64(max(at(a, 0.99), 1))
		row("%s\t%d\t%v\t%v\t%d\t%v\t%v\t%.2f\t%v", name, len(a), short(at(a, 0.5)), short(at(a, 0.99)), len(b), short(at(b, 0.5)), short(at(b, 0.99)), ratio, short(at(b, 1)))
		return ratio
	}
	for _, name := range slices.Sorted(maps.Keys(alone.normal.took)) {
		line(name, alone.normal.took[name], during.normal.took[name])
	}
	ratio := line("all", alone.normal.all(), during.normal.all())
	row("\np99 of each tenth during\t%v", during.normal.tenths(0.99))
	row("\nhostile requests\tanswered\trefused\tbroken\tMiB received\tlast error")
	for _, name := range slices.Sorted(maps.Keys(during.sent)) {
		x := during.sent[name]
		row("%s\t%d\t%d\t%d\t%d\t%s", name, x.Answered, x.Refused, x.Broken, x.Bytes>>20, x.Last)
	}
	early, late := quarter(during.memory, 1), quarter(during.memory, 3)
	row("\nmemory of the server, MiB\talone %d\tat most %d\tsecond quarter %d\tlast quarter %d", quarter(alone.memory, 3)>>20, at(slices.Sorted(slices.Values(during.memory)), 1)>>20, early>>20, late>>20)
	row("longest write transaction\t%v", short(during.longestWrite))
	if err := t.Flush(); err != nil {
		return err
	}
	failures := slices.Concat(alone.normal.failures, during.normal.failures)
	for _, err := range failures[:min(len(failures), shownFails)] {
		_, _ = fmt.Fprintln(out, "failed:", err) // the count below fails
	}
	var errs []error
	if ratio > slower {
		errs = append(errs, fmt.Errorf("the 99th percentile of normal clients is %.1f times that alone, more than %d", ratio, slower))
	}
	if len(failures) > 0 {
		errs = append(errs, fmt.Errorf("%d normal requests have failed", len(failures)))
	}
	if float64(late) > moreMemory*float64(early)+memoryRoom {
		errs = append(errs, fmt.Errorf("the memory has grown from %d to %d MiB", early>>20, late>>20))
	}
	return errors.Join(errs...)
}

// at is the value below which a share of sorted values lies; zero without values.
func at[T any](sorted []T, share float64) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// quarter is the median of one of the four quarters of values.
func quarter(values []int64, n int) int64 {
	part := slices.Clone(values[len(values)*n/4 : len(values)*(n+1)/4])
	slices.Sort(part)
	return at(part, 0.5)
}

// short is a duration to a hundredth of a millisecond.
func short(d time.Duration) time.Duration { return d.Round(time.Millisecond / 100) }
