package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// prefix returns the length of what belongs to the word behind it: the dot of ".net" and ".gitignore", the hyphens of "-v" and "--amend".
// It returns 0 if there is no such prefix at a place.
func (s *scanner) prefix(at int) int {
	n := 0
	switch {
	case strings.HasPrefix(s.text[at:], "--"):
		n = 2
	case s.text[at] == '-', s.text[at] == '.':
		n = 1
	default:
		return 0
	}
	before, _ := utf8.DecodeLastRuneInString(s.text[:at])
	if at > 0 && (kindOf(before) == letter || strings.ContainsRune("-.+#_", before)) {
		return 0
	}
	if next := s.text[at+n:]; next == "" || next[0] < 'a' || next[0] > 'z' {
		return 0
	}
	return n
}

// compound yields the word at a place, with all words that are joined to it, and returns the end. Before begins the prefix.
func (s *scanner) compound(before, at int) (end int) {
	s.words = s.words[:0]
	for end = at; ; {
		s.words = append(s.words, span{end, s.wordEnd(end)})
		end = s.words[len(s.words)-1].end
		n := connector(s.text[end:])
		if n == 0 {
			break
		}
		end += n
	}
	if len(s.words) == 1 && before == at && strings.HasPrefix(s.text[end:], "://") && at >= s.urlEnd {
		s.url(end + len("://"))
		if s.urlEnd > end+len("://") {
			return end + len("://")
		}
	}
	if before < at || len(s.words) > 1 {
		text, of := s.whole(before, at, end)
		s.emit(Token{Text: text, Word: of, Whole: true}, span{before, end})
	}
	for _, w := range s.words {
		s.word(w)
	}
	return end
}

// word yields a word.
func (s *scanner) word(w span) {
	text := s.text[w.start:w.end]
	if last := len(text) - 1; last >= 2 && text[last] == 's' {
		if from, to := s.folded.Span(w.start, w.end); len(singular(s.source[from:to])) < to-from {
			if lower := word(text); lower != text[:last] {
				s.emit(Token{Text: lower, Whole: true}, w) // what a query in lower case has
			}
			s.emit(Token{Text: text[:last], Word: text[:last]}, w)
			return
		}
	}
	s.emit(Token{Text: word(text), Word: spelled(text)}, w)
}

// wordEnd is where the word at a place ends: behind its letters and digits, and what belongs to c++, c# and f#.
func (s *scanner) wordEnd(at int) int {
	end := at
	for end < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[end:])
		if kindOf(r) != letter && (end == at || !isApostrophe(r, s.text[end+size:])) {
			break
		}
		end += size
	}
	rest := s.text[end:]
	switch {
	case strings.HasPrefix(rest, "++") && isLetters(s.text[at:end]):
		end += len("++")
	case strings.HasPrefix(rest, "#") && end-at == 1 && isLetters(s.text[at:end]):
		end++
	}
	return end
}

// contraction matches the end of a word after an apostrophe.
var contraction = []string{"t", "s", "ll", "re", "ve", "d", "m"}

// isApostrophe reports whether a character is an apostrophe within a word, by the text after it. Some write the sign of code for one, as in "can`t"; between
// other letters it begins a template of JavaScript.
func isApostrophe(r rune, after string) bool {
	switch r {
	case '\'':
		return letterFollows(after)
	case '`':
		return slices.ContainsFunc(contraction, func(end string) bool {
			return strings.HasPrefix(after, end) && !letterFollows(after[len(end):])
		})
	}
	return false
}

func letterFollows(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return kindOf(r) == letter
}

// connector returns the length of what joins the word before a text with one that follows it; 0 if nothing does.
func connector(text string) int {
	n := 0
	switch {
	case strings.HasPrefix(text, "::"):
		n = 2
	case text != "" && strings.IndexByte(".-_@", text[0]) >= 0:
		n = 1
	default:
		return 0
	}
	if !letterFollows(text[n:]) {
		return 0
	}
	return n
}

var joints = strings.NewReplacer("-", "", "_", "", ".", "")

// whole is the token of a compound. Words that hyphens or underscores join are one word, so that "e-mail" is "email", and so is a name with ".js";
// a version has no "v"; every other compound keeps its signs, and an option has one hyphen before it. It also returns
// the word of a stem.
func (s *scanner) whole(before, at, end int) (token, of string) {
	if before == at && s.joinsWords() {
		of = joints.Replace(s.text[at:end])
		return word(of), spelled(of)
	}
	text := s.text[at:end]
	if before < at {
		text = s.text[at-1 : end]
	} else if s.isVersion() {
		text = text[1:]
	}
	token = short(widened(withoutApostrophes(text)))
	return token, token
}

// joinsWords reports whether only hyphens and underscores join the words, and each has only letters. A dot before a last "js" joins too: "nodejs" is
// "node.js".
func (s *scanner) joinsWords() bool {
	for i, w := range s.words {
		text, between := s.text[w.start:w.end], "-_"
		if i == len(s.words)-1 && text == "js" {
			between = "-_."
		}
		if strings.ContainsAny(text, digits+"+#") || i > 0 && strings.IndexByte(between, s.text[w.start-1]) < 0 {
			return false
		}
	}
	return true
}

// isVersion reports whether the compound is a version with a "v" before it.
func (s *scanner) isVersion() bool {
	isNumber := func(w span) bool { return w.end > w.start && strings.Trim(s.text[w.start:w.end], digits) == "" }
	first := s.words[0]
	return s.text[first.start] == 'v' && isNumber(span{first.start + 1, first.end}) && isNumber(s.words[1])
}

// url yields the URL whose host begins at a place, without its scheme: https finds what http leads to. A host alone is a compound.
func (s *scanner) url(at int) {
	end := at
	for end < len(s.text) && s.text[end] > ' ' && s.text[end] < utf8.RuneSelf && strings.IndexByte("<>\"'`{}|\\^", s.text[end]) < 0 {
		end++
	}
	s.urlEnd = end
	url := strings.TrimRight(s.text[at:end], ".,;:!?()[]/*_~")
	if strings.IndexByte(url, '/') >= 0 && url != "" {
		s.emit(Token{Text: short(widened(url)), Whole: true}, span{at, at + len(url)})
	}
}

// widened is a text with signs of full width. The engines take those of ASCII for the end of a token, and no folded text has others.
func widened(text string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < utf8.RuneSelf && kindOf(r) == other && r != '+' && r != '#' {
			return r - '!' + '！'
		}
		return r
	}, text)
}
