package markdown

import (
	"hash/fnv"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// idPrefix keeps the ids of a document apart from those of the page, as on GitHub.
const idPrefix = "user-content-"

const maxSlug = 256 // bytes

// slug returns the id of a heading by GitHub's rule: letters, digits, marks and underscores of any script in lower case,
// hyphens for spaces, nothing else.
func slug(text string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return '-'
		case r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || unicode.Is(unicode.Pc, r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(text))
	for len(out) > maxSlug {
		_, size := utf8.DecodeLastRuneInString(out[:maxSlug+1])
		out = out[:maxSlug+1-size]
	}
	return out
}

// loose returns the letters and digits of an id. Generators make ids by other rules than GitHub; they agree on these.
func loose(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, id)
}

// identifiers has the ids of one text, without their prefix.
type identifiers struct {
	prefix string // of all ids
	suffix string // of footnotes
	used   map[string]bool
	counts map[string]int
	loose  map[string]string // headings by the letters and digits of their ids and texts
}

func newIdentifiers(prefix, suffix string) identifiers {
	return identifiers{prefix, suffix, map[string]bool{}, map[string]int{}, map[string]string{}}
}

// heading returns a new id for a heading with some text. Repeated ones are numbered as on GitHub; each number is tried once, so that the time
// is linear.
func (x *identifiers) heading(base, text string) string {
	if base == "" {
		base = "section"
	}
	id := base
	for x.used[id] {
		x.counts[base]++
		id = base + "-" + strconv.Itoa(x.counts[base])
	}
	x.used[id] = true
	for _, key := range []string{loose(id), loose(text)} {
		if x.loose[key] == "" {
			x.loose[key] = id
		}
	}
	return id
}

var footnoteID = regexp.MustCompile(`^fn(ref[0-9]*)?:[0-9]+$`)

// element returns the id of any other element, and whether it is new.
func (x *identifiers) element(id string) (string, bool) {
	id = x.known(strings.TrimPrefix(id, x.prefix))
	if x.used[id] {
		return "", false
	}
	x.used[id] = true
	return id, true
}

// known makes the ids of footnotes differ between documents that are shown on one page.
func (x *identifiers) known(id string) string {
	if footnoteID.MatchString(id) {
		return id + "-" + x.suffix
	}
	return id
}

// target returns the href of a link to an id within the text.
func (x *identifiers) target(fragment string) string {
	id, _ := x.find(fragment)
	return "#" + x.prefix + html.EscapeString(escapeURL(id))
}

// find returns the id that a fragment means, and whether there is one. If there is no such id, it is looked for by GitHub's rule, and then by
// its letters and digits alone.
func (x *identifiers) find(fragment string) (string, bool) {
	id, err := url.PathUnescape(fragment)
	if err != nil {
		id = fragment
	}
	id = x.known(strings.TrimPrefix(id, x.prefix))
	for _, candidate := range []string{id, strings.ToLower(id), slug(id), x.loose[loose(id)]} {
		if candidate != "" && x.used[candidate] {
			return candidate, true
		}
	}
	return id, false
}

// escapeURL escapes what a fragment cannot have. Letters of other scripts stay readable: the URL standard of the web allows them.
func escapeURL(id string) string {
	var out strings.Builder
	for _, r := range id {
		if r > ' ' && r != '%' && r != '"' && r != '<' && r != '>' && r != '`' && r != 0x7F {
			out.WriteRune(r)
		} else {
			out.WriteString(url.PathEscape(string(r)))
		}
	}
	return out.String()
}

// suffixOf returns what the ids of the footnotes of a text end with.
func suffixOf(source string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(source))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}
