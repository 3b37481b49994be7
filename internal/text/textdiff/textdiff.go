// Package textdiff compares two texts line by line.
package textdiff

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// MaxLines is how many lines a Diff has at most.
const MaxLines = 5000

// Kind is what a line is: in both texts, or in one of them.
type Kind string

// The kinds of lines.
const (
	Equal   Kind = "EQUAL"
	Added   Kind = "ADDED"
	Removed Kind = "REMOVED"
)

// Diff is what differs between two texts. Lines have no line break at the end; whether the last line of a text has one is no difference, and
// neither is the kind of line breaks.
type Diff struct {
	Added, Removed int // number of lines in Hunks
	Hunks          []Hunk
	Truncated      bool // whether there are more than MaxLines lines
}

// Hunk is lines that follow one another: changed ones, with up to three equal ones on both sides.
type Hunk struct {
	FromLine, ToLine int // number of the first line in each text, from 1; of the line before it if the hunk has no line of that text
	Lines            []Line
}

// Line is one line of a hunk.
type Line struct {
	Kind Kind
	Text string
}

// Compare returns what differs between two texts. It finds lines that are unique in both texts, so that its time is O(n log n) for any texts.
func Compare(from, to string) *Diff {
	d := &Diff{}
	text := string(diff.Diff("from", lines(from), "to", lines(to)))
	for range 3 { // the names of the texts
		_, text, _ = strings.Cut(text, "\n")
	}
	count := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if rest, ok := strings.CutPrefix(line, "@@ "); ok {
			d.Hunks = append(d.Hunks, hunkOf(rest))
			continue
		}
		if count == MaxLines {
			d.Truncated = true
			break
		}
		count++
		d.add(line)
	}
	if n := len(d.Hunks); n > 0 && len(d.Hunks[n-1].Lines) == 0 {
		d.Hunks = d.Hunks[:n-1]
	}
	return d
}

// lines returns a text with the same line break after each line.
func lines(text string) []byte {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return []byte(text)
}

// add adds a line in the form of a unified diff to the last hunk.
func (d *Diff) add(line string) {
	kind := Equal
	switch line[0] {
	case '+':
		kind = Added
		d.Added++
	case '-':
		kind = Removed
		d.Removed++
	}
	last := &d.Hunks[len(d.Hunks)-1]
	last.Lines = append(last.Lines, Line{kind, line[1:]})
}

// hunkOf reads a header such as `-3,7 +3,8 @@`.
func hunkOf(header string) (h Hunk) {
	_, _ = fmt.Sscanf(header, "-%d,%d +%d,%d", &h.FromLine, new(int), &h.ToLine, new(int)) // as Diff writes it
	return h
}
