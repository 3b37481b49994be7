package search

import (
	"regexp"
	"strings"

	"docsquare/ent/document"
)

var (
	pictures = regexp.MustCompile(`!\[([^\]]*)\]\([^)\s]*[^)]*\)`)
	links    = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	tags     = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--[\s\S]*?-->`)
	urls     = regexp.MustCompile(`\bhttps?://[^\s)>\]]+`)
	blocks   = regexp.MustCompile("(?m)^[ \t]*[-=|: \t]{3,}$|^[ \t]*(?:#{1,6}|>|[-*+]|```[^\n]*|~~~[^\n]*|:::[^\n]*)[ \t]+|^[ \t]*(?:```|~~~|:::)[^\n]*$|\\|")
	inline   = regexp.MustCompile("[*`~]+")
)

// Plain is what a reader of a text sees of it: Markdown without its markup, addresses and tags. It is what is indexed, and
// what snippets are cut from.
func Plain(format document.Format, text string) string {
	if format != document.FormatMD {
		return text
	}
	for _, step := range []struct {
		find *regexp.Regexp
		with string
	}{{pictures, "$1"}, {links, "$1"}, {tags, " "}, {urls, " "}, {blocks, " "}, {inline, ""}} {
		text = step.find.ReplaceAllString(text, step.with)
	}
	return strings.TrimSpace(text)
}
