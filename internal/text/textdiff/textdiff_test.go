package textdiff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docsquare/internal/text/textdiff"
)

// shown is a diff as text.
func shown(d *textdiff.Diff) string {
	var b strings.Builder
	for _, h := range d.Hunks {
		fmt.Fprintf(&b, "%d %d\n", h.FromLine, h.ToLine)
		for _, l := range h.Lines {
			fmt.Fprintf(&b, "%.1s %s\n", l.Kind, l.Text)
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	for name, tc := range map[string]struct{ from, to, want string }{
		"equal":                {"a\nb", "a\nb", ""},
		"both empty":           {"", "", ""},
		"break at the end":     {"a\nb", "a\nb\n", ""},
		"kind of breaks":       {"a\r\nb\r\n", "a\nb", ""},
		"all new":              {"", "一\n二", "0 1\nA 一\nA 二\n"},
		"all gone":             {"一\n", "", "1 0\nR 一\n"},
		"changed":              {"一\n二\n三", "一\n两\n三", "1 1\nE 一\nR 二\nA 两\nE 三\n"},
		"lines of a diff":      {"@@ -1,1 +1,1 @@\n-x", "@@ -1,1 +1,1 @@\n+x", "1 1\nE @@ -1,1 +1,1 @@\nR -x\nA +x\n"},
		"a remark on the end":  {"\\ No newline at end of file", "x", "1 1\nR \\ No newline at end of file\nA x\n"},
		"the context is three": {"a\nb\nc\nd\ne\n1", "a\nb\nc\nd\ne\n2", "3 3\nE c\nE d\nE e\nR 1\nA 2\n"},
		"two hunks":            {"1\na\nb\nc\nd\ne\nf\ng\n2", "0\na\nb\nc\nd\ne\nf\ng\n3", "1 1\nR 1\nA 0\nE a\nE b\nE c\n6 6\nE e\nE f\nE g\nR 2\nA 3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			d := textdiff.Compare(tc.from, tc.to)
			if diff := cmp.Diff(tc.want, shown(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if added, removed := strings.Count(tc.want, "A "), strings.Count(tc.want, "R "); d.Added != added || d.Removed != removed || d.Truncated {
				t.Errorf("%d added, %d removed, truncated %t; want %d, %d", d.Added, d.Removed, d.Truncated, added, removed)
			}
		})
	}
}

// TestLarge compares the largest texts that a document may have, of which no line is equal or all are.
func TestLarge(t *testing.T) {
	const size = 512 << 10
	for name, tc := range map[string]struct {
		from, to string
		lines    int
	}{
		"short lines": {strings.Repeat("a\n", size/2), strings.Repeat("b\n", size/2), textdiff.MaxLines},
		"blank lines": {strings.Repeat("\n", size), strings.Repeat("\n", size-10), 13},
		"one line":    {strings.Repeat("a", size), strings.Repeat("b", size), 2},
		"alternating": {strings.Repeat("a\nb\n", size/4), strings.Repeat("b\na\n", size/4), 0},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			d := textdiff.Compare(tc.from, tc.to)
			n := 0
			for _, h := range d.Hunks {
				n += len(h.Lines)
			}
			if n > textdiff.MaxLines || tc.lines > 0 && n != tc.lines || d.Truncated != (n == textdiff.MaxLines) {
				t.Errorf("%d lines, truncated %t, want %d lines", n, d.Truncated, tc.lines)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("it takes %v", took)
			}
		})
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("a\nb\nc", "a\nc\nd\n")
	f.Add("\r\n\r", "@@ \n--- \n+++")
	f.Fuzz(func(t *testing.T, from, to string) {
		d := textdiff.Compare(from, to)
		if d.Truncated {
			return
		}
		for _, h := range d.Hunks {
			check(t, from, h.FromLine, h, textdiff.Removed)
			check(t, to, h.ToLine, h, textdiff.Added)
		}
	})
}

// check fails unless the lines of a hunk that are in a text are there at the place that the hunk names.
func check(t *testing.T, text string, at int, h textdiff.Hunk, own textdiff.Kind) {
	t.Helper()
	all := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for _, l := range h.Lines {
		if l.Kind != textdiff.Equal && l.Kind != own {
			continue
		}
		if at < 1 || at > len(all) || all[at-1] != l.Text {
			t.Fatalf("line %d of %q is not %q", at, text, l.Text)
		}
		at++
	}
}
