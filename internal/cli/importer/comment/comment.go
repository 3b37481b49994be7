// Package comment leaves out the comments in the texts of a site, which its generator does not publish.
package comment

import (
	"regexp"
	"strings"

	"docsquare/internal/cli/importer/fence"
)

// Syntax is how a program writes comments.
type Syntax struct {
	// open and closed match the marks of a comment within a line. A comment without an end has the rest of the text.
	open, closed *regexp.Regexp
}

// The comments that the programs know in Markdown. Code has none.
var (
	Obsidian = Syntax{regexp.MustCompile(`%%`), regexp.MustCompile(`%%`)}
	Kramdown = Syntax{regexp.MustCompile(`\{::comment(?:\s[^{}/]*)?\}`), regexp.MustCompile(`\{:/(?:comment)?\}`)}
	MDX      = Syntax{regexp.MustCompile(`\{\s*/\*`), regexp.MustCompile(`\*/\s*\}`)}
	Nunjucks = Syntax{regexp.MustCompile(`\{#(?:\s|$)`), regexp.MustCompile(`(?:^|\s)#\}`)} // as Hexo has them; {#id} is no comment
)

// The comments that the programs look for before they read the Markdown, so that code has some too.
var (
	liquid = regexp.MustCompile(`(?s)(\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\})|` +
		`\{%-?\s*comment\s*-?%\}.*?(?:\{%-?\s*endcomment\s*-?%\}|\z)|\{%-?\s*#.*?%\}`)
	shortcode = regexp.MustCompile(`(?s)\{\{[<%]\s*comment\s*[>%]\}\}.*?(?:\{\{[<%]\s*/\s*comment\s*[>%]\}\}|\z)`)
)

// RemoveLiquid leaves out the comments of Liquid, but those between its tags raw and endraw.
func RemoveLiquid(text string) string { return liquid.ReplaceAllString(text, "$1") }

// RemoveShortcodes leaves out what is within the shortcode comment of Hugo.
func RemoveShortcodes(text string) string { return shortcode.ReplaceAllString(text, "") }

// Remove leaves out the comments of a syntax.
func Remove(text string, s Syntax) string {
	if !s.open.MatchString(text) {
		return text
	}
	var out strings.Builder
	var fences fence.Tracker
	inside := false
	for line := range strings.Lines(text) {
		if inside || !fences.IsCode(line) {
			line, inside = s.removeFrom(line, inside)
		}
		out.WriteString(line)
	}
	return out.String()
}

// removeFrom returns a line without its comments, and whether the last one has no end in it. Code in backticks has no comments.
func (s Syntax) removeFrom(line string, inside bool) (kept string, open bool) {
	var out strings.Builder
	for {
		if inside {
			end := s.closed.FindStringIndex(line)
			if end == nil {
				return out.String(), true
			}
			line, inside = line[end[1]:], false
			continue
		}
		start, code := s.open.FindStringIndex(line), strings.IndexByte(line, '`')
		switch {
		case code >= 0 && (start == nil || code < start[0]):
			code += codeLength(line[code:])
			out.WriteString(line[:code])
			line = line[code:]
		case start != nil:
			out.WriteString(line[:start[0]])
			line, inside = line[start[1]:], true
		default:
			out.WriteString(line)
			return out.String(), false
		}
	}
}

// codeLength returns the length of the code that a line begins with; of its backticks alone if they have no end.
func codeLength(line string) int {
	run := len(line) - len(strings.TrimLeft(line, "`"))
	if end := strings.Index(line[run:], line[:run]); end >= 0 {
		return run + end + run
	}
	return run
}
