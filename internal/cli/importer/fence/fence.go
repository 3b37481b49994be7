// Package fence finds the fenced code of a Markdown text without parsing all of it.
package fence

import "strings"

// Tracker is at a line of a text. Its zero value is before the first one.
type Tracker struct {
	fence string // that opened the code; empty outside
}

// IsCode reports whether the next line is fenced code, or one of its fences.
func (t *Tracker) IsCode(line string) bool {
	trimmed := strings.TrimLeft(line, " \t>")
	switch {
	case t.fence != "":
		if strings.HasPrefix(trimmed, t.fence) && strings.Trim(trimmed, t.fence[:1]+" \t\r\n") == "" {
			t.fence = ""
		}
		return true
	case strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"):
		t.fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, trimmed[:1]))]
		return true
	}
	return false
}
