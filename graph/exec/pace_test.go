package exec_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"docsquare/graph/exec"
)

// longLibrary has a front of many books with long titles: 2 MB of JSON.
func longLibrary() *library {
	d := smallLibrary()
	d.books["b1"].Title = strings.Repeat("文", 350)
	d.front = slices.Repeat([]string{"b1"}, 2000)
	return d
}

// TestPace checks that a long answer is paced in steps of at least 64 KiB, and the same as without.
func TestPace(t *testing.T) {
	const query, step = `{ books(first: 2000) { title } }`, 64 << 10
	var lengths []int
	f := newFixtureWith(longLibrary(), exec.Options{Pace: func(_ context.Context, bytes int) error {
		lengths = append(lengths, bytes)
		return nil
	}})
	want := newFixture(longLibrary()).do(t, query, nil)
	for range 2 { // with a buffer of unknown length, and of that of the last answer
		lengths = nil
		check(t, f.do(t, query, nil), want.data)
		if most := len(want.data) / step; len(lengths) < most-1 || len(lengths) > most {
			t.Errorf("%d bytes were paced %d times", len(want.data), len(lengths))
		}
		for i, n := range lengths {
			if least := (i + 1) * step; n < least || n > least+(i+1)*2000 {
				t.Errorf("the step %d is at %d bytes", i, n)
			}
		}
	}
	lengths = nil
	check(t, f.do(t, `{ greeting }`, nil), `{"greeting":"hello"}`)
	if lengths != nil {
		t.Errorf("a short answer was paced at %d", lengths)
	}
}

// TestPaceEnds checks that an operation ends with the error of its pace, which is reported once, and that nothing further is written.
func TestPaceEnds(t *testing.T) {
	busy := errors.New("busy")
	for name, query := range map[string]string{
		"query":    `{ books(first: 2000) { title } }`,
		"nested":   `{ books(first: 50) { author { books(first: 2000) { title } } } }`,
		"mutation": `mutation { sell(id: "b1") { book { author { books(first: 2000) { title } } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			d, calls := longLibrary(), 0
			f := newFixtureWith(d, exec.Options{Pace: func(ctx context.Context, _ int) error {
				if calls++; calls < 3 {
					return ctx.Err()
				}
				return busy
			}})
			for id := range d.authors {
				d.authors[id].Books = slices.Repeat([]string{"b1"}, 2000)
			}
			check(t, f.do(t, query, nil), "null", ": busy")
			if calls != 3 {
				t.Errorf("paced %d times", calls)
			}
		})
	}
}
