package generator

import (
	"regexp"
	"strings"
	"unicode"

	"docsquare/internal/cli/importer/fence"
)

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// arguments are those of a shortcode or tag.
type arguments struct {
	plain []string
	named map[string]string
}

// first returns a named argument, else the first one without a name.
func (a arguments) first(name string) string {
	if text, ok := a.named[name]; ok {
		return text
	}
	return first(a.plain)
}

var whole = regexp.MustCompile(`^\{\{[<%]\s*([\w/.-]+)\s*(.*?)\s*/?[%>]\}\}$`)

// shortcodeOf returns the name and the arguments of a shortcode; no name for another text.
func shortcodeOf(text string) (name string, a arguments) {
	m := whole.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", a
	}
	return m[1], argumentsOf(m[2])
}

var argument = regexp.MustCompile(`(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'=]+))`)

func argumentsOf(text string) arguments {
	a := arguments{named: map[string]string{}}
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		value := m[3] + m[4]
		if m[2] != "" {
			value = strings.ReplaceAll(m[2], `\"`, `"`)
		}
		if m[1] != "" {
			a.named[m[1]] = value
		} else {
			a.plain = append(a.plain, value)
		}
	}
	return a
}

// fenced returns a text in which highlighted code between two tags, each alone on a line, is between the fences of Markdown. A pair
// within other code stays as it is.
func fenced(text string, open, closed *regexp.Regexp) string {
	if !strings.Contains(text, "highlight") {
		return text
	}
	var out strings.Builder
	var fences fence.Tracker
	tagged := false
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		switch {
		case tagged && closed.MatchString(trimmed):
			line, tagged = fenceOfCode+"\n", false
		case tagged:
		case !fences.IsCode(line):
			if m := open.FindStringSubmatch(trimmed); m != nil {
				line, tagged = fenceOfCode+m[1]+"\n", true
			}
		}
		out.WriteString(line)
	}
	if tagged { // the end is missing
		return text
	}
	return out.String()
}

// fenceOfCode is longer than the fences that code has in it.
const fenceOfCode = "````"
