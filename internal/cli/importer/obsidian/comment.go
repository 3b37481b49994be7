package obsidian

import "strings"

// Text implements source.Source: comments between %% are left out, because Obsidian does not publish them.
func (v *vault) Text(_, text string) string {
	if !strings.Contains(text, "%%") {
		return text
	}
	var out strings.Builder
	fence, inside := "", false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimLeft(line, " \t>")
		switch {
		case fence != "":
			if strings.HasPrefix(trimmed, fence) && strings.Trim(trimmed, fence[:1]+" \t\n") == "" {
				fence = ""
			}
			out.WriteString(line)
			continue
		case !inside && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")):
			fence = trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, trimmed[:1]))]
			out.WriteString(line)
			continue
		}
		var kept string
		kept, inside = withoutComments(line, inside)
		out.WriteString(kept)
	}
	return out.String()
}

// withoutComments returns a line without its comments, and whether one goes on in the next line. Code in backticks has no comments.
func withoutComments(line string, inside bool) (kept string, open bool) {
	var out strings.Builder
	for line != "" {
		if inside {
			_, rest, ends := strings.Cut(line, "%%")
			if !ends {
				return out.String(), true
			}
			line, inside = rest, false
			continue
		}
		at := strings.IndexAny(line, "%`")
		if at < 0 {
			break
		}
		out.WriteString(line[:at])
		line = line[at:]
		switch run := len(line) - len(strings.TrimLeft(line, line[:1])); {
		case line[0] == '`':
			code := run
			if end := strings.Index(line[run:], line[:run]); end >= 0 {
				code = run + end + run
			}
			out.WriteString(line[:code])
			line = line[code:]
		case run >= 2:
			line, inside = line[2:], true
		default:
			out.WriteByte('%')
			line = line[1:]
		}
	}
	out.WriteString(line)
	return out.String(), inside
}
