package generator

import (
	"regexp"
	"strings"
)

// nothing matches no text.
var nothing = regexp.MustCompile(`[^\s\S]`)

// globPart matches what has a meaning in a pattern of paths.
var globPart = regexp.MustCompile(`\*\*/|\*+|\?|\{|\}|,|\[!?[^\]/]+\]`)

// glob returns what matches the same paths as a pattern does, without regard to case: * and ? stay within a folder, ** does not, {a,b} is one of
// some, [a-z] one of some characters. A pattern that cannot be read matches nothing.
func glob(pattern string) *regexp.Regexp {
	var out strings.Builder
	at, depth := 0, 0
	for _, span := range globPart.FindAllStringIndex(pattern, -1) {
		out.WriteString(regexp.QuoteMeta(pattern[at:span[0]]))
		part := pattern[span[0]:span[1]]
		at = span[1]
		switch {
		case part == "**/":
			part = "(?:.*/)?"
		case part == "*":
			part = "[^/]*"
		case part[0] == '*':
			part = ".*"
		case part == "?":
			part = "[^/]"
		case part == "{":
			part, depth = "(?:", depth+1
		case part == "}" && depth > 0:
			part, depth = ")", depth-1
		case part == "," && depth > 0:
			part = "|"
		case part[0] == '[':
			part = strings.Replace(part, "[!", "[^", 1)
		default:
			part = regexp.QuoteMeta(part)
		}
		out.WriteString(part)
	}
	re, err := regexp.Compile("^(?i:" + out.String() + regexp.QuoteMeta(pattern[at:]) + ")$")
	if err != nil {
		return nothing
	}
	return re
}
