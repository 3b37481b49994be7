package search

import (
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
)

// demand is what a document must have to be found, for either engine to read.
type demand struct {
	all       []string // units and phrases that must all be there
	some      []string // units of which one must be there
	none      []string // terms that must not
	facets    []string // tokens of a filter, all of them
	published []string // tokens of the days of a filter, one of them
	within    []string // ranges of numbers, one of them; PostgreSQL alone
	prefixes  []string // the beginnings of words in all, some and none
	titleOnly bool
}

// grammar is how an engine writes conditions.
type grammar struct {
	and, or     string
	not         func(all, none string) string
	follow      func(tokens []string) string
	token       func(token string, prefix, titleOnly bool) string
	inText      func(expression string, titleOnly bool) string
	facet       func(token string) string
	facetColumn func(expression string) string
}

func grammarOf(d string) grammar {
	if d == dialect.Postgres {
		return postgres
	}
	return sqlite
}

var sqlite = grammar{
	and: " AND ", or: " OR ",
	not:    func(all, none string) string { return all + " NOT " + none },
	follow: func(tokens []string) string { return `"` + strings.Join(tokens, " ") + `"` },
	token: func(token string, prefix, _ bool) string {
		if prefix {
			return `"` + token + `" *`
		}
		return `"` + token + `"`
	},
	inText: func(expression string, titleOnly bool) string {
		if titleOnly {
			return "title : " + expression
		}
		return "{title labels summary body} : " + expression
	},
	facet:       func(token string) string { return `"` + token + `"` },
	facetColumn: func(expression string) string { return "facets : " + expression },
}

var postgres = grammar{
	and: " & ", or: " | ",
	not: func(all, none string) string { return all + " & !" + none },
	follow: func(tokens []string) string {
		quoted := make([]string, len(tokens))
		for i, t := range tokens {
			quoted[i] = "'" + t + "'"
		}
		return "(" + strings.Join(quoted, " <-> ") + ")"
	},
	token: func(token string, prefix, titleOnly bool) string {
		options := ""
		if prefix {
			options += "*"
		}
		if titleOnly {
			options += "A"
		}
		if options != "" {
			options = ":" + options
		}
		return "'" + token + "'" + options
	},
	inText:      func(expression string, _ bool) string { return expression },
	facet:       func(token string) string { return "'" + facetMark + token + "'" },
	facetColumn: func(expression string) string { return expression },
}

// facetMark is before what is no token of a text, in PostgreSQL, which has one column for all. No token begins with it.
const facetMark = "~"

// demandOf is what the query and the filter demand together.
func (g grammar) demandOf(q Query, f Filter, titleOnly bool) demand {
	d := demand{facets: facets(f), published: publishedIn(f.Published), titleOnly: titleOnly}
	for _, t := range q.terms {
		d.prefixes = append(d.prefixes, t.beginning()...)
		if t.excluded {
			d.none = append(d.none, g.exclusion(t))
		} else {
			d.all = append(d.all, g.term(t, titleOnly))
		}
	}
	return d
}

// relaxed is the demand of one of the units instead of all words. Phrases and exclusions stay.
func (g grammar) relaxed(q Query, f Filter, units []unit) demand {
	d := demand{facets: facets(f), published: publishedIn(f.Published)}
	for _, t := range q.terms {
		switch {
		case t.excluded:
			d.none = append(d.none, g.exclusion(t))
			d.prefixes = append(d.prefixes, t.beginning()...)
		case t.phrase:
			d.all = append(d.all, g.term(t, false))
		}
	}
	for _, u := range units {
		d.some = append(d.some, g.unit(u, false))
		d.prefixes = append(d.prefixes, u.beginning()...)
	}
	return d
}

func (g grammar) term(t term, titleOnly bool) string {
	if t.phrase && len(t.tokens) > 1 && !titleOnly {
		return g.follow(t.tokens)
	}
	var parts []string
	for i := 0; i < len(t.tokens); i++ {
		w := t.wholeAt(i)
		if w == nil {
			parts = append(parts, g.part(t, i, titleOnly))
			continue
		}
		var inner []string
		for ; i < w.to; i++ {
			inner = append(inner, g.part(t, i, titleOnly))
		}
		i--
		parts = append(parts, group([]string{g.token(w.token, false, titleOnly), group(inner, g.and)}, g.or))
	}
	return group(parts, g.and)
}

func (g grammar) part(t term, i int, titleOnly bool) string {
	return g.unit(newUnit(t.tokens[i], t.prefix && i == len(t.tokens)-1), titleOnly)
}

// exclusion is what a document must not have. A document that has the word with a hyphen before it, as the option of a program, is not
// excluded: -race may be meant so.
func (g grammar) exclusion(t term) string {
	if len(t.wholes) == 0 {
		return g.term(t, false)
	}
	option := g.token(t.wholes[0].token, false, false)
	t.wholes = nil
	return "(" + g.not(g.term(t, false), option) + ")"
}

func (g grammar) unit(u unit, titleOnly bool) string {
	parts := []string{g.token(u.token, u.prefix, titleOnly)}
	for _, end := range u.ends {
		parts = append(parts, g.token(end, false, titleOnly))
	}
	return group(parts, g.or)
}

// expression is the demand in the engine's words.
func (g grammar) expression(d demand) string {
	all := d.all
	if len(d.some) > 0 {
		all = append(slices.Clip(all), group(d.some, g.or))
	}
	out := "(" + g.inText(group(all, g.and), d.titleOnly) + ")"
	if len(d.none) > 0 {
		out = "(" + g.not(out, "("+g.inText(group(d.none, g.or), false)+")") + ")"
	}
	for _, more := range []struct {
		tokens []string
		join   string
	}{{d.facets, g.and}, {d.published, g.or}, {d.within, g.or}} {
		if len(more.tokens) == 0 {
			continue
		}
		tokens := make([]string, len(more.tokens))
		for i, token := range more.tokens {
			tokens[i] = g.facet(token)
		}
		out += g.and + "(" + g.facetColumn(group(tokens, more.join)) + ")"
	}
	return out
}

func group(parts []string, join string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, join) + ")"
}

// Entries of PostgreSQL carry the ranges of numbers that they are in, of several sizes, so that its index, which knows no
// order, can be asked for the newest first.

var rangeShifts = []uint{firstShift, corpusShift, 18, 21}

const (
	firstShift  = 12 // the two newest ranges of 4,096 are asked first
	corpusShift = 15 // two ranges of 32,768 are the corpus of the ranking
)

func rangeToken(number int64, shift uint) string { return fmt.Sprintf("r%d.%d", shift, number>>shift) }

// newest is the two newest ranges of a size, and whether they are everything.
func newest(number int64, shift uint) (ranges []string, everything bool) {
	block := number >> shift
	ranges = []string{rangeToken(number, shift)}
	if block > 0 {
		ranges = append(ranges, rangeToken((block-1)<<shift, shift))
	}
	return ranges, block <= 1
}
