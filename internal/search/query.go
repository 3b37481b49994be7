package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"docsquare/internal/text/plaintext"
)

// Query is what is searched for. The zero value finds nothing.
type Query struct {
	terms []term
}

// term is one condition: a word, a phrase, the beginning of a word, or what must not be there.
type term struct {
	tokens   []string
	wholes   []whole // of the tokens; none of a phrase
	phrase   bool    // the tokens follow one another
	prefix   bool    // the last token is the beginning of one
	excluded bool
}

// whole is a token that replaces those of a term from one place to another. If the term is excluded, it is the option of a program that it
// may mean.
type whole struct {
	token    string
	from, to int
}

// beginning returns the token that is the beginning of a word, if there is one.
func (t term) beginning() []string {
	if !t.prefix {
		return nil
	}
	return t.tokens[len(t.tokens)-1:]
}

// wholeAt returns the whole token that begins at a place; nil: there is none.
func (t term) wholeAt(i int) *whole {
	for k := range t.wholes {
		if t.wholes[k].from == i {
			return &t.wholes[k]
		}
	}
	return nil
}

// The bounds of a query: what is beyond is not looked at.
const (
	maxQuery  = plaintext.MaxQuery
	maxTokens = 32
	minPrefix = 2 // letters; a single ideograph is long enough
)

// Parse reads a query. Words stand side by side and all count; "words in quotes" follow one another; begin* is the
// beginning of a word; -word, -"a phrase" and -begin* must not be there; alone, -word is the option of a program. Everything else is
// punctuation: any text is a query. Words that say nothing, such as "how to" or "如何", are left out where others remain.
func Parse(text string) Query {
	var q Query
	left := maxTokens
	for rest := Normal(text); rest != "" && left > 0; {
		var t term
		t, rest = nextTerm(rest)
		if len(t.tokens) > left {
			t.tokens, t.prefix = t.tokens[:left], false
			t.wholes = slices.DeleteFunc(t.wholes, func(w whole) bool { return w.to > left })
		}
		left -= len(t.tokens)
		if len(t.tokens) > 0 && !slices.ContainsFunc(q.terms, t.same) {
			q.terms = append(q.terms, t)
		}
	}
	if q.Empty() {
		for i, t := range q.terms {
			if len(t.wholes) > 0 { // nothing but the option of a program is asked for
				q.terms[i] = term{tokens: []string{t.wholes[0].token}}
			}
		}
	}
	q.terms = telling(q.terms)
	return q
}

// nextTerm is the first term of a text, and what follows it. A term without tokens is none.
func nextTerm(text string) (t term, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if after, ok := strings.CutPrefix(text, "-"); ok && isExcluded(after) {
		t.excluded, text = true, after
	}
	if after, ok := strings.CutPrefix(text, `"`); ok {
		inside, rest, _ := strings.Cut(after, `"`)
		t.tokens, _ = queryTokens(inside, false, true)
		t.phrase = true
		return t, rest
	}
	chunk := text
	if end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '"' }); end >= 0 {
		chunk, rest = text[:end], text[end:]
	}
	begin := strings.HasSuffix(chunk, "*")
	if t.excluded {
		chunk = "-" + chunk // it may be the option of a program
	} else {
		chunk = asked(chunk)
	}
	t.tokens, t.wholes = queryTokens(chunk, begin, false)
	if t.excluded {
		t.wholes = slices.DeleteFunc(t.wholes, func(w whole) bool { return !isOption(w.token) })
	}
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
func queryTokens(text string, begin, phrase bool) (tokens []string, wholes []whole) {
	var list, compounds []Token
	for t := range Tokens(text) {
		if t.Whole {
			compounds = append(compounds, t)
		} else {
			list = append(list, t)
		}
	}
	var kept []Token
	for i, t := range list {
		last := i == len(list)-1
		if t.tail && i > 0 && list[i-1].End == t.End && (last || !phrase) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(t.Text); begin && last && kindOf(r) == letter {
			t.Text = t.Word
		}
		kept, tokens = append(kept, t), append(tokens, t.Text)
	}
	if phrase {
		return tokens, nil
	}
	return tokens, wholesOf(compounds, kept, begin)
}

// wholesOf returns the compounds of a part of a query that are in no other, and which tokens they stand for. If the part is the beginning of a word,
// its end is no compound yet.
func wholesOf(compounds, tokens []Token, begin bool) []whole {
	var list []whole
	end := 0
	for _, c := range compounds {
		w := whole{token: c.Text, from: len(tokens)}
		for i, t := range tokens {
			if t.Start >= c.Start && t.End <= c.End {
				w.from, w.to = min(w.from, i), i+1
			}
		}
		if c.End > end && w.from < w.to && (!begin || w.to < len(tokens)) {
			list, end = append(list, w), c.End
		}
	}
	return list
}

// isExcluded reports whether a hyphen before a text excludes it: a word or a phrase follows.
func isExcluded(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return r == '"' || unicode.IsLetter(r)
}

// isOption reports whether a whole token is the option of a program.
func isOption(token string) bool { return strings.HasPrefix(token, "－") }

func (t term) same(u term) bool {
	return slices.Equal(t.tokens, u.tokens) && slices.Equal(t.wholes, u.wholes) && t.phrase == u.phrase && t.prefix == u.prefix && t.excluded == u.excluded
}

// Empty reports whether the query finds nothing, because it has no term that must be present.
func (q Query) Empty() bool {
	return !slices.ContainsFunc(q.terms, func(t term) bool { return !t.excluded })
}

// units is what is counted of the query: each token that must be there once, the beginning of one with a star behind it, and the tokens
// that stand for several of them. An option that may be meant by an exclusion counts too.
func (q Query) units() []unit {
	var list []unit
	add := func(u unit) (at int) {
		if at = slices.IndexFunc(list, func(v unit) bool { return v.token == u.token && v.prefix == u.prefix }); at >= 0 {
			return at
		}
		list = append(list, u)
		return len(list) - 1
	}
	for _, t := range q.terms {
		var at []int
		for i, token := range t.tokens {
			if t.excluded {
				break
			}
			u := newUnit(token, t.prefix && i == len(t.tokens)-1)
			u.parts = len(t.tokens)
			at = append(at, add(u))
		}
		for _, w := range t.wholes {
			u := unit{token: w.token, parts: 1, whole: true}
			if !t.excluded {
				u.covers = at[w.from:w.to]
			}
			add(u)
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
	whole  bool     // the token replaces several, or is an option: a document need not have it
	covers []int    // the units that it replaces
}

// beginning returns the token if it is the beginning of a word.
func (u unit) beginning() []string {
	if !u.prefix {
		return nil
	}
	return []string{u.token}
}

func newUnit(token string, prefix bool) unit {
	u := unit{token: token, prefix: prefix, parts: 1}
	if prefix && isEnglish(token) {
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
