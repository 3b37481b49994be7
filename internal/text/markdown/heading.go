package markdown

import (
	"regexp"
	"strings"
)

// headingEnd matches what may be attributes at the end of a heading, also behind its closing sequence: {#id} of VitePress, Docusaurus and Pandoc,
// { #id } of Python-Markdown, {: #id } of both and of kramdown. In HTML they have no tags.
var (
	headingEnd     = regexp.MustCompile(`(\s*(?:\s#+\s*)?)\{(:?)([^{}]*)\}\s*$`)
	headingEndHTML = regexp.MustCompile(`\s*(?:\s#+\s*)?\{:?[^{}<]*\}\s*$`)
)

// splitHeading returns the end of the words of a heading, and the id that follows them; empty if its attributes have none. It returns false for a
// heading without attributes.
func splitHeading(s []byte) (end int, id string, ok bool) {
	m := headingEnd.FindSubmatchIndex(s)
	if m == nil {
		return 0, "", false
	}
	colon, list := m[4] < m[5], string(s[m[6]:m[7]])
	id, ok = attributesOf(list, colon)
	apart := m[0] == 0 || m[2] < m[3]
	return m[0], id, ok && (apart || colon || strings.HasPrefix(list, "#"))
}
