package script

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	name   kind = iota // an identifier or a keyword
	text               // a string, or a template without expressions
	number             // a number
	code               // a template with expressions, or a regular expression
	mark               // an operator or a bracket
)

// token is a part of a script. Comments are left out.
type token struct {
	kind    kind
	text    string // of a string, its value
	newline bool   // it is the first one of its line
}

func (t token) is(marks ...string) bool {
	for _, m := range marks {
		if t.kind == mark && t.text == m {
			return true
		}
	}
	return false
}

// lexer splits a script into tokens. Broken is set where the text is no script.
type lexer struct {
	rest    string
	last    token // the token before
	broken  bool
	newline bool
}

// tokens returns the tokens of a script, and whether all of it was understood.
func tokens(script string) (all []token, ok bool) {
	l := lexer{rest: script, newline: true}
	for {
		t, more := l.next()
		if !more {
			return all, !l.broken
		}
		all = append(all, t)
	}
}

// next returns the next token. It returns false at the end.
func (l *lexer) next() (t token, ok bool) {
	l.skipBlanks()
	if l.rest == "" {
		return t, false
	}
	newline := l.newline
	r, size := utf8.DecodeRuneInString(l.rest)
	switch {
	case r == '"' || r == '\'':
		t = l.quoted(byte(r))
	case r == '`':
		t = l.template()
	case r == '/' && l.startsOperand():
		t = l.regexp()
	case isNamePart(r) && !unicode.IsDigit(r):
		t = token{kind: name, text: l.take(func(r rune) bool { return isNamePart(r) || unicode.IsDigit(r) })}
	case unicode.IsDigit(r):
		t = token{kind: number, text: l.take(func(r rune) bool { return isNamePart(r) || unicode.IsDigit(r) || r == '.' })}
	default:
		t = token{kind: mark, text: l.mark(size)}
	}
	t.newline = newline
	l.last, l.newline = t, false
	return t, true
}

func isNamePart(r rune) bool {
	return r == '_' || r == '$' || r == '#' || r == '@' || unicode.IsLetter(r) || unicode.IsMark(r)
}

// mark returns the operator or bracket at the start of the rest.
func (l *lexer) mark(size int) string {
	for _, long := range []string{"...", "?.", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "++", "--"} {
		if strings.HasPrefix(l.rest, long) {
			size = len(long)
			break
		}
	}
	m := l.rest[:size]
	l.rest = l.rest[size:]
	return m
}

// take returns the longest start of the rest whose characters are wanted.
func (l *lexer) take(wanted func(rune) bool) string {
	end := strings.IndexFunc(l.rest, func(r rune) bool { return !wanted(r) })
	if end < 0 {
		end = len(l.rest)
	}
	taken := l.rest[:end]
	l.rest = l.rest[end:]
	return taken
}

// skipBlanks skips blanks and comments.
func (l *lexer) skipBlanks() {
	for {
		blanks := l.take(func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
		l.newline = l.newline || strings.Contains(blanks, "\n")
		switch {
		case strings.HasPrefix(l.rest, "//"), strings.HasPrefix(l.rest, "#!"):
			l.take(func(r rune) bool { return r != '\n' })
		case strings.HasPrefix(l.rest, "/*"):
			comment, rest, closed := strings.Cut(l.rest[2:], "*/")
			l.newline = l.newline || strings.Contains(comment, "\n")
			l.rest, l.broken = rest, l.broken || !closed
		default:
			return
		}
	}
}

// startsOperand reports whether an operand can follow the last token, so that a slash begins a regular expression.
func (l *lexer) startsOperand() bool {
	switch l.last.kind {
	case name:
		return l.last.text == "return" || l.last.text == "typeof" || l.last.text == "case"
	case text, number, code:
		return false
	}
	return !l.last.is(")", "]", "}")
}

func (l *lexer) regexp() token {
	class := false
	for i := 1; i < len(l.rest); i++ {
		switch c := l.rest[i]; {
		case c == '\n':
			l.broken, l.rest = true, l.rest[i:]
			return token{kind: code}
		case c == '\\':
			i++
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			l.rest = l.rest[i+1:]
			l.take(unicode.IsLetter)
			return token{kind: code}
		}
	}
	l.broken, l.rest = true, ""
	return token{kind: code}
}

// quoted returns a string between quotes.
func (l *lexer) quoted(quote byte) token {
	var value strings.Builder
	l.rest = l.rest[1:]
	for l.rest != "" && l.rest[0] != '\n' {
		switch c := l.rest[0]; c {
		case quote:
			l.rest = l.rest[1:]
			return token{kind: text, text: value.String()}
		case '\\':
			value.WriteString(l.escape())
		default:
			value.WriteByte(c)
			l.rest = l.rest[1:]
		}
	}
	l.broken = true
	return token{kind: code}
}

// template returns a string between backticks; code if it has expressions.
func (l *lexer) template() token {
	var value strings.Builder
	t := token{kind: text}
	l.rest = l.rest[1:]
	for l.rest != "" {
		switch c := l.rest[0]; {
		case c == '`':
			l.rest = l.rest[1:]
			t.text = value.String()
			return t
		case c == '\\':
			value.WriteString(l.escape())
		case strings.HasPrefix(l.rest, "${"):
			t.kind = code
			l.skipExpression()
		default:
			value.WriteByte(c)
			l.rest = l.rest[1:]
		}
	}
	l.broken = true
	return token{kind: code}
}

// skipExpression skips an expression within a template. Templates may nest in it.
func (l *lexer) skipExpression() {
	last := l.last
	defer func() { l.last = last }()
	l.rest = l.rest[1:] // the brace is a token
	for depth := 0; ; {
		t, ok := l.next()
		switch {
		case !ok:
			return
		case t.is("{"):
			depth++
		case t.is("}"):
			if depth--; depth == 0 {
				return
			}
		}
	}
}

var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'v': "\v", '0': "\x00", '\n': ""}

// escape returns what the escape sequence at the start of the rest is.
func (l *lexer) escape() string {
	if len(l.rest) < 2 {
		l.rest, l.broken = "", true
		return ""
	}
	digits, size := "", 2
	switch after := l.rest[2:]; {
	case l.rest[1] == 'u' && strings.HasPrefix(after, "{"):
		digits, _, _ = strings.Cut(after[1:], "}")
		size += len(digits) + 2
	case l.rest[1] == 'u' && len(after) >= 4:
		digits, size = after[:4], 6
	case l.rest[1] == 'x' && len(after) >= 2:
		digits, size = after[:2], 4
	default:
		return l.character()
	}
	l.rest = l.rest[min(size, len(l.rest)):]
	code, err := strconv.ParseUint(digits, 16, 21)
	l.broken = l.broken || err != nil
	return string(rune(code))
}

// character returns an escaped character that is no number.
func (l *lexer) character() string {
	_, size := utf8.DecodeRuneInString(l.rest[1:])
	c := l.rest[1 : 1+size]
	l.rest = l.rest[1+size:]
	if known, ok := escapes[c[0]]; ok {
		return known
	}
	return c
}
