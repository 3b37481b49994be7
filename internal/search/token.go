// Package search owns the full-text index of the public documents: the one rule by which text becomes tokens, the query
// language, the index of the documents, the ranking and the snippets. The engines find what matches, FTS5 on SQLite and
// tsvector with GIN on PostgreSQL; both index the same tokens, and both answers are ranked here, by the same numbers. It
// knows no viewer and caches nothing.
package search

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"docsquare/internal/search/fold"
)

// Version is the version of the content of the index. Raise it with the token rule, the form of entries or their fields:
// an index of another version is rebuilt.
const Version = 6

// Token is one token of a text and its position.
type Token struct {
	Text       string
	Word       string // that a stem was made of; otherwise the text of the token
	Start, End int    // in bytes
	Whole      bool   // the token is the join of several that follow it, such as "node.js" for "node" and "js"
	tail       bool
}

// maxToken is the length of a token in bytes: what is longer, such as an encoded picture, is cut.
const maxToken = 48

// Tokens is the token rule, for texts and queries alike. The text is folded first: see package fold. A run of letters and digits
// is a token, an English word by its stem; "c++" and "c#" keep their ends. Chinese, Japanese and Korean have no
// spaces: each two neighbors are a token, and the last of a run is one alone, so that a single character can be found as
// the beginning of a token. A dictionary would know words that bigrams do not, at the price of those that it does not know.
//
// What several words are joined to, such as a version, an address, an option or a name with a dot, is one token as well, before its parts:
// see compound. So is a word of Katakana.
func Tokens(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		folded := fold.New(text)
		s := scanner{source: text, folded: folded, text: folded.String(), yield: yield}
		s.scan()
	}
}

// scanner reads a folded text.
type scanner struct {
	source  string
	folded  fold.Text
	text    string
	yield   func(Token) bool
	urlEnd  int // of the last URL
	words   []span
	stopped bool
}

// emit yields a token at a part of the folded text.
func (s *scanner) emit(t Token, at span) {
	if s.stopped || t.Text == "" {
		return
	}
	t.Start, t.End = s.folded.Span(at.start, at.end)
	if t.Word == "" {
		t.Word = t.Text
	}
	s.stopped = !s.yield(t)
}

func (s *scanner) scan() {
	for at := 0; at < len(s.text) && !s.stopped; {
		switch r, size := utf8.DecodeRuneInString(s.text[at:]); kindOf(r) {
		case ideograph:
			end := runEnd(s.text, at)
			s.ideographs(span{at, end})
			at = end
		case letter:
			at = s.compound(at, at)
		default:
			if n := s.prefix(at); n > 0 {
				at = s.compound(at, at+n)
			} else {
				at += size
			}
		}
	}
}

type kind int

const (
	other kind = iota
	letter
	ideograph
)

// kindOf is the kind of a character of a folded text.
func kindOf(r rune) kind {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return other
	case isKatakana(r), unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Hangul):
		return ideograph
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return letter
	}
	return other
}

// isKatakana reports whether a character is one of Katakana, or the mark that makes a vowel of it long.
func isKatakana(r rune) bool { return r == 'ー' || r >= '\u30a1' && unicode.Is(unicode.Katakana, r) }

// runEnd is where the run of ideographs that begins at a place ends.
func runEnd(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if kindOf(r) != ideograph {
			break
		}
		at += size
	}
	return at
}

// ideographs yields the tokens of a run of ideographs: each two neighbors, and before them each word of Katakana of three characters
// or more.
func (s *scanner) ideographs(run span) {
	katakanaEnd := run.start
	for at := run.start; at < run.end && !s.stopped; {
		r, size := utf8.DecodeRuneInString(s.text[at:run.end])
		if at >= katakanaEnd && isKatakana(r) {
			katakanaEnd = s.katakana(at, run.end)
		}
		_, next := utf8.DecodeRuneInString(s.text[at+size : run.end])
		s.emit(Token{Text: s.text[at : at+size+next], tail: next == 0}, span{at, at + size + next})
		at += size
	}
}

// katakana yields the word of Katakana at a place, and returns its end.
func (s *scanner) katakana(at, limit int) (end int) {
	end = at
	n := 0
	for end < limit {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if !isKatakana(r) {
			break
		}
		end += size
		n++
	}
	if n > 2 {
		s.emit(Token{Text: short(s.text[at:end]), Whole: true}, span{at, end})
	}
	return end
}
