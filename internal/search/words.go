package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What questions are made of. These words are left out of queries, never of texts, and only where others remain.

var questions = []string{"为什么", "什么是", "怎么样", "有哪些", "是什么", "如何", "怎么", "怎样", "什么", "哪些", "请问"}

// particles part two words of two characters or more.
const particles = "的了和与及或而是吗呢"

var silent = map[string]bool{
	"a": true, "an": true, "and": true, "are": true, "as": true, "at": true, "be": true, "by": true, "can": true, "do": true,
	"does": true, "for": true, "from": true, "how": true, "i": true, "in": true, "is": true, "it": true, "my": true, "of": true,
	"on": true, "or": true, "the": true, "there": true, "to": true, "what": true, "when": true, "where": true, "which": true,
	"why": true, "with": true, "you": true, "your": true,
}

// asked is a part of a query without what makes it a question, and with a space where a particle parts words.
func asked(chunk string) string {
	for _, q := range questions {
		if rest := strings.Replace(chunk, q, " ", 1); strings.TrimFunc(rest, func(r rune) bool { return kindOf(r) == other }) != "" {
			chunk = rest
		}
	}
	runes := []rune(chunk)
	for i, r := range runes {
		if strings.ContainsRune(particles, r) && ideographs(runes[:i], -1) >= 2 && ideographs(runes[i+1:], 1) >= 2 {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// ideographs counts the ideographs at the beginning of a text (1), or at its end (-1), up to two.
func ideographs(runes []rune, from int) int {
	n := 0
	for n < min(2, len(runes)) {
		at := n
		if from < 0 {
			at = len(runes) - 1 - n
		}
		if kindOf(runes[at]) != ideograph {
			break
		}
		n++
	}
	return n
}

// telling is the terms without words that say nothing, unless nothing else must be there.
func telling(terms []term) []term {
	says := func(t term) bool { return t.phrase || len(t.tokens) != 1 || !silent[t.tokens[0]] }
	if !slices.ContainsFunc(terms, func(t term) bool { return !t.excluded && says(t) }) {
		return terms
	}
	return slices.DeleteFunc(terms, func(t term) bool { return !t.excluded && !says(t) })
}

// completions is the tokens that a word may have of which only the beginning is typed, where it has passed the stem: the
// stem of "caching" is "cach", so "cachi" is no beginning of it.
func completions(begin string) []string {
	out := []string{}
	for _, suffix := range []string{"", "s", "ing", "ed", "es", "er", "ies", "ation", "ment", "ness", "able", "ly"} {
		for n := range len(suffix) + 1 {
			if !strings.HasSuffix(begin, suffix[:n]) || utf8.RuneCountInString(begin)-n < 3 {
				continue
			}
			token := word(begin + suffix[n:])
			if !strings.HasPrefix(token, begin) && !slices.Contains(out, token) {
				out = append(out, token)
			}
		}
	}
	return out
}
