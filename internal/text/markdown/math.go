package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The kinds of nodes for formulas. A formula reaches the client with its delimiters and is not changed: the client renders it.
var (
	kindMathSpan  = ast.NewNodeKind("MathSpan")
	kindMathBlock = ast.NewNodeKind("MathBlock")
)

// mathSpan is a formula within a line: $a_b$, $`a_b`$, or $$a_b$$.
type mathSpan struct {
	ast.BaseInline
	display bool
	value   []byte // with its delimiters
}

func (*mathSpan) Kind() ast.NodeKind               { return kindMathSpan }
func (n *mathSpan) Dump(source []byte, level int)  { ast.DumpHelper(n, source, level, nil, nil) }
func (*mathBlock) Kind() ast.NodeKind              { return kindMathBlock }
func (n *mathBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
func (*mathBlock) IsRaw() bool                     { return true }

// mathBlock is a formula between two lines of $$.
type mathBlock struct{ ast.BaseBlock }

type mathSpans struct{}

// Trigger returns the delimiter.
func (mathSpans) Trigger() []byte { return []byte{'$'} }

const maxMathSpan = 2000 // bytes

// Parse parses a formula. As in Pandoc, the dollar signs touch the formula, and no letter or digit touches them from outside,
// so that "$5 to $10" is money.
func (mathSpans) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); before == '$' || isASCIIAlphanumeric(before) {
		return nil
	}
	line, _ := block.PeekLine()
	line = line[:min(len(line), maxMathSpan)]
	if bytes.HasPrefix(line, displayMark) {
		return displaySpan(block)
	}
	for i := 2; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '$' && !util.IsSpace(line[1]) && !util.IsSpace(line[i-1]) && (i+1 == len(line) || line[i+1] != '$' && !util.IsAlphaNumeric(line[i+1])):
			block.Advance(i + 1)
			return &mathSpan{value: line[:i+1]}
		}
	}
	return nil
}

// displayMark is the delimiter of a formula that has a line for itself.
var displayMark = []byte("$$")

// displaySpan parses $$a_b$$ within a paragraph, which may have several lines.
func displaySpan(block text.Reader) ast.Node {
	number, start := block.Position()
	var value []byte
	for line, _ := block.PeekLine(); line != nil && len(value)+len(line) <= maxMathSpan; line, _ = block.PeekLine() {
		inner := line
		if value == nil {
			inner = line[len(displayMark):]
		}
		if end := bytes.Index(inner, displayMark); end >= 0 {
			n := len(line) - len(inner) + end + len(displayMark)
			if value = append(value, line[:n]...); len(bytes.Trim(value, "$ \t\n")) == 0 {
				break
			}
			block.Advance(n)
			return &mathSpan{display: true, value: value}
		}
		value = append(value, line...)
		block.AdvanceLine()
	}
	block.SetPosition(number, start)
	return nil
}

type mathBlocks struct{}

// Trigger returns the delimiter.
func (mathBlocks) Trigger() []byte { return []byte{'$'} }

// Open opens a block at a line that begins with $$ if a later one ends with it. A formula that begins on the line of $$ has no blank line.
func (mathBlocks) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	first, isMath := bytes.CutPrefix(bytes.TrimSpace(line), displayMark)
	if !isMath || bytes.Contains(first, displayMark) {
		return nil, parser.NoChildren
	}
	m, source := meterOf(pc), reader.Source()
	for rest := source[segment.Stop:]; ; {
		next, tail, found := bytes.Cut(rest, []byte("\n"))
		m.charge(1 + len(next)/64)
		next = bytes.TrimSpace(next)
		if bytes.HasSuffix(next, displayMark) {
			break
		}
		if rest = tail; !found || len(first) > 0 && (len(next) == 0 || len(source)-len(rest)-segment.Start > maxMathSpan) {
			return nil, parser.NoChildren
		}
	}
	node := &mathBlock{}
	node.Lines().Append(segment)
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// Continue takes the lines up to one that ends with $$.
func (mathBlocks) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	lines := node.Lines()
	if n := lines.Len(); n > 1 {
		last := lines.At(n - 1)
		if bytes.HasSuffix(bytes.TrimSpace(last.Value(reader.Source())), []byte("$$")) {
			return parser.Close
		}
	}
	_, segment := reader.PeekLine()
	lines.Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// Close has nothing to do.
func (mathBlocks) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph reports that a formula may follow a paragraph without a blank line.
func (mathBlocks) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine reports that an indented line is code.
func (mathBlocks) CanAcceptIndentedLine() bool { return false }
