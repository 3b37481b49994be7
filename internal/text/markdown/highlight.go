package markdown

import (
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// highlighter highlights the code of one text. Chroma's regular expressions backtrack: some of them take seconds for a few
// kilobytes of one character. So the time is bounded as well as the bytes, and what is beyond is shown plain.
type highlighter struct {
	m     *meter
	left  int       // bytes
	until time.Time // zero before the first code
}

// code returns code as HTML with the classes of Chroma, false if its language is unknown or a bound is reached.
func (h *highlighter) code(language, code string) (string, bool) {
	if len(code) > maxHighlightedBlock || len(code) > h.left || !languages()[strings.ToLower(language)] {
		return "", false
	}
	if h.until.IsZero() {
		h.until = time.Now().Add(maxHighlightTime)
	}
	h.left -= len(code)
	next, err := lexers.Get(language).Tokenise(&chroma.TokeniseOptions{State: "root"}, code)
	if err != nil {
		return "", false
	}
	var out strings.Builder
	kind, start, end := chroma.TokenType(0), 0, 0 // tokens of one type are one span
	for t := next(); t != chroma.EOF; t = next() {
		if time.Now().After(h.until) {
			h.left = 0
			return "", false
		}
		h.m.charge(len(t.Value))
		if t.Type != kind {
			writeToken(&out, kind, code[start:end])
			kind, start = t.Type, end
		}
		if end += len(t.Value); end > len(code) || code[end-len(t.Value):end] != t.Value {
			return "", false // the lexer has changed the code
		}
	}
	writeToken(&out, kind, code[start:end])
	return out.String(), end == len(code)
}

func writeToken(out *strings.Builder, kind chroma.TokenType, code string) {
	class := tokenClass(kind)
	if class == "" || strings.TrimSpace(code) == "" {
		writeText(out, code)
		return
	}
	out.WriteString(`<span class="` + class + `">`)
	writeText(out, code)
	out.WriteString("</span>")
}

// languages has the names of languages in lower case. For an unknown name, lexers.Get would compare it with the file names of
// all languages.
var languages = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, name := range lexers.GlobalLexerRegistry.Names(true) {
		known[strings.ToLower(name)] = true
	}
	return known
})

// tokenClass returns the class of a type of token, empty for plain text.
func tokenClass(t chroma.TokenType) string {
	for t != 0 {
		if class, ok := chroma.StandardTypes[t]; ok {
			return class
		}
		t = t.Parent()
	}
	return ""
}
