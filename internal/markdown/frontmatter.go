package markdown

import (
	"regexp"
	"strings"
)

const maxFrontMatter = 64 << 10 // bytes

var (
	yamlLine = regexp.MustCompile(`^(\s*#.*|\s+.*|\s*-\s.*|\s*-|["']?[\pL\pN_][\pL\pN_ .-]*["']?\s*:(\s.*)?|[\]}],?)?$`)
	tomlLine = regexp.MustCompile(`^(\s*#.*|\s+.*|\[\[?[^\[\]]+\]\]?|["']?[\pL\pN_.-]+["']?\s*=.*|[\]}],?|""".*|'''.*)?$`)
)

// withoutFrontMatter returns a text without the YAML or TOML that it begins with: that is data about the text. A text that only
// begins with a rule is returned as it is.
func withoutFrontMatter(source string) string {
	body := strings.TrimPrefix(source, "\uFEFF")
	fence, pattern := "---", yamlLine
	if strings.HasPrefix(body, "+++") {
		fence, pattern = "+++", tomlLine
	}
	head := body[:min(len(body), maxFrontMatter)]
	first, rest, ok := strings.Cut(head, "\n")
	if !ok || strings.TrimRight(first, " \t\r") != fence {
		return body
	}
	read, keys := len(first)+1, 0
	for line := range strings.Lines(rest) {
		read += len(line)
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == fence || line == "..." && fence == "---":
			if keys == 0 {
				return body
			}
			return body[read:]
		case !pattern.MatchString(line):
			return body
		case line != "":
			keys++
		}
	}
	return body
}
