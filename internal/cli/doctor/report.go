package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
)

// marks stand before the words, for those who look over a long report.
var marks = [...]string{OK: "✓", Note: "·", Warning: "!", Failure: "✗"}

// Write writes a report of the findings as they come, and returns the number of each state. The error is that of w.
func Write(w io.Writer, findings iter.Seq[Finding]) (count [Failure + 1]int, err error) {
	part := ""
	for f := range findings {
		if f.Part != part {
			part = f.Part
			_, err = fmt.Fprintf(w, "%s\n", part)
		}
		count[f.State]++
		if err == nil {
			_, err = io.WriteString(w, f.line())
		}
		if err != nil {
			return count, err
		}
	}
	_, err = fmt.Fprintf(w, "\n%s, %s, %s, %d in order\n", plural(count[Failure], "failure"), plural(count[Warning], "warning"), plural(count[Note], "note"), count[OK])
	return count, err
}

// WriteJSON is Write with an object for each finding, one a line, and without a summary.
func WriteJSON(w io.Writer, findings iter.Seq[Finding]) (count [Failure + 1]int, err error) {
	encoder := json.NewEncoder(w)
	for f := range findings {
		count[f.State]++
		if err = encoder.Encode(f); err != nil {
			break
		}
	}
	return count, err
}

// line is a finding with its remedy below.
func (f Finding) line() string {
	const indent = 36 // of what is said
	said := strings.ReplaceAll(strings.TrimSpace(f.Says), "\n", "\n"+strings.Repeat(" ", indent))
	text := fmt.Sprintf("  %s %-7s  %-22s  %s\n", marks[f.State], f.State, f.Check, said)
	if f.Remedy != "" {
		text += fmt.Sprintf("%*s→ %s\n", indent, "", f.Remedy)
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
