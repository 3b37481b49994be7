package markdown

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// flanked is a parser of emphasis or strikethrough whose runs open and close next to Chinese, Japanese and Korean punctuation
// as well: CommonMark takes spaces for granted there. The rule is that of
// https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md.
type flanked struct{ parser.InlineParser }

// Parse parses a run of delimiters.
func (p flanked) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, _ := block.PeekLine()
	node := p.InlineParser.Parse(parent, block, pc)
	if d, ok := node.(*parser.Delimiter); ok {
		flank(d, before, line)
	}
	return node
}

// flank sets whether a run opens and closes: a line begins with it, and a character is before it.
func flank(d *parser.Delimiter, before rune, line []byte) {
	after := ' '
	if d.OriginalLength < len(line) {
		after = util.ToRune(line, d.OriginalLength)
	}
	if !isCJK(before) && !isCJK(after) {
		return
	}
	left := opens(before, after)
	right := opens(after, before)
	d.CanOpen, d.CanClose = left, right
	if d.Char == '_' {
		d.CanOpen = left && (!right || isPunctuation(before))
		d.CanClose = right && (!left || isPunctuation(after))
	}
}

// opens reports whether a run between two characters flanks the second one.
func opens(outside, inside rune) bool {
	if unicode.IsSpace(inside) {
		return false
	}
	if !isPunctuation(inside) || isCJK(inside) {
		return true
	}
	return unicode.IsSpace(outside) || isPunctuation(outside) || isCJK(outside)
}
