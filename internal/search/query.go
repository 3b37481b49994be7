package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docsquare/internal/plaintext"
)

// Query is what is searched for. The zero value finds nothing.
type Query struct {
	terms []term
}

// term is one condition: a word, a phrase, the beginning of a word, or what must not be there.
type term struct {
	tokens   []string
	phrase   bool // the tokens follow one another
	prefix   bool // the last token is the beginning of one
	excluded bool
}

// The bounds of a query: what is beyond is not looked at.
const (
	maxQuery  = plaintext.MaxQuery
	maxTokens = 32
	minPrefix = 2 // letters; a single ideograph is long enough
)

// Parse reads a query. Words stand side by side and all count; "words in quotes" follow one another; begin* is the
// beginning of a word; -word, -"a phrase" and -begin* must not be there. Everything else is punctuation: any text is a
// query. Words that say nothing, such as "how to" or "如何", are left out where others remain.
func Parse(text string) Query {
	var q Query
	left := maxTokens
	for rest := Normal(text); rest != "" && left > 0; {
		var t term
		t, rest = nextTerm(rest)
		if len(t.tokens) > left {
			t.tokens, t.prefix = t.tokens[:left], false
		}
		left -= len(t.tokens)
		if len(t.tokens) > 0 && !slices.ContainsFunc(q.terms, t.same) {
			q.terms = append(q.terms, t)
		}
	}
	q.terms = telling(q.terms)
	return q
}

// Normal is a text that asks the same, and the same for texts that differ in case, width or spaces.
func Normal(text string) string {
	text = strings.Join(strings.Fields(folded(quotes.Replace(strings.ToValidUTF8(text, " ")))), " ")
	if utf8.RuneCountInString(text) > maxQuery {
		text = strings.TrimSpace(string([]rune(text)[:maxQuery]))
	}
	return text
}

var quotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "＂", `"`, "－", "-", "＊", "*")

// nextTerm is the first term of a text, and what follows it. A term without tokens is none.
func nextTerm(text string) (t term, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if after, ok := strings.CutPrefix(text, "-"); ok && after != "" && !unicode.IsSpace(rune(after[0])) {
		t.excluded, text = true, after
	}
	if after, ok := strings.CutPrefix(text, `"`); ok {
		inside, rest, _ := strings.Cut(after, `"`)
		t.tokens, t.phrase = queryTokens(inside, false, true), true
		return t, rest
	}
	chunk := text
	if end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' }); end >= 0 {
		chunk, rest = text[:end], text[end:]
	}
	begin := strings.HasSuffix(chunk, "*")
	if !t.excluded {
		chunk = asked(chunk)
	}
	t.tokens = queryTokens(chunk, begin, false)
	if n := len(t.tokens); n > 0 {
		last := t.tokens[n-1]
		r, size := utf8.DecodeRuneInString(last)
		single := kindOf(r) == ideograph && size == len(last)
		t.prefix = single || begin && kindOf(r) == letter && utf8.RuneCountInString(last) >= minPrefix
	}
	return t, rest
}

// queryTokens is the tokens of a part of a query. The last of a run of ideographs is not asked for alone unless it is all
// there is of the run, or the run ends within a phrase. The beginning of a word is not stemmed.
func queryTokens(text string, begin, phrase bool) []string {
	list := slices.Collect(Tokens(text))
	out := make([]string, 0, len(list))
	for i, t := range list {
		last := i == len(list)-1
		if t.tail && i > 0 && list[i-1].End == t.End && (last || !phrase) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(t.Text); begin && last && kindOf(r) == letter {
			t.Text = spelled(text[t.Start:t.End])
		}
		out = append(out, t.Text)
	}
	return out
}

func (t term) same(u term) bool {
	return slices.Equal(t.tokens, u.tokens) && t.phrase == u.phrase && t.prefix == u.prefix && t.excluded == u.excluded
}

// Empty reports whether the query finds nothing, because it has no term that must be present.
func (q Query) Empty() bool {
	return !slices.ContainsFunc(q.terms, func(t term) bool { return !t.excluded })
}

// units is what is counted of the query: each token that must be there once, the beginning of one with a star behind it.
func (q Query) units() []unit {
	var list []unit
	for _, t := range q.terms {
		if t.excluded {
			continue
		}
		for i, token := range t.tokens {
			u := newUnit(token, t.prefix && i == len(t.tokens)-1)
			u.parts = len(t.tokens)
			if !slices.ContainsFunc(list, func(v unit) bool { return v.token == u.token && v.prefix == u.prefix }) {
				list = append(list, u)
			}
		}
	}
	return list
}

// unit is one token that is looked for.
type unit struct {
	token  string
	prefix bool     // the token is the beginning of one
	ends   []string // tokens of words whose stem the beginning has passed
	parts  int      // how many tokens its term has
}

func newUnit(token string, prefix bool) unit {
	u := unit{token: token, prefix: prefix, parts: 1}
	if prefix && stemmed(token) {
		u.ends = completions(token)
	}
	return u
}

// unitOf is the unit of a key.
func unitOf(key string) unit {
	token, prefix := strings.CutSuffix(key, "*")
	return newUnit(token, prefix)
}

// Units names what is counted of the query: see Index.Frequencies.
func (q Query) Units() []string {
	units := q.units()
	keys := make([]string, len(units))
	for i, u := range units {
		keys[i] = u.key()
	}
	return keys
}

// key names the unit, for what is known about it.
func (u unit) key() string {
	if u.prefix {
		return u.token + "*"
	}
	return u.token
}

// matches reports whether a token of a text matches the unit.
func (u unit) matches(token string) bool {
	return u.token == token || u.prefix && (strings.HasPrefix(token, u.token) || slices.Contains(u.ends, token))
}
