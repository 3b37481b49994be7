package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// container is a block parser whose blocks nest: lists, quotes, footnotes and directives.
type container struct{ parser.BlockParser }

// meteredBlock charges a block parser for every line that it looks at, and bounds the nesting of containers.
type meteredBlock struct {
	parser.BlockParser
	nests, footnote bool
}

func meterBlocks(list []util.PrioritizedValue) []util.PrioritizedValue {
	out := make([]util.PrioritizedValue, len(list))
	for i, v := range list {
		p := v.Value.(parser.BlockParser)
		c, nests := p.(container)
		if nests {
			p = c.BlockParser
		}
		out[i] = util.Prioritized(meteredBlock{BlockParser: p, nests: nests}, v.Priority)
	}
	return out
}

// Open opens a block unless it would nest too deeply.
func (p meteredBlock) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	m.charge(1)
	if p.nests && len(pc.OpenedBlocks()) >= maxNesting {
		return nil, parser.NoChildren
	}
	node, state := p.BlockParser.Open(parent, reader, pc)
	if node != nil {
		m.add(1)
		if p.footnote {
			m.footnotes++
			m.charge(m.footnotes) // goldmark sorts them by insertion
		}
	}
	return node, state
}

// Continue charges each open block for each line.
func (p meteredBlock) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	meterOf(pc).charge(blockSteps)
	return p.BlockParser.Continue(node, reader, pc)
}

// meteredInline charges an inline parser for what it may have looked at: some of goldmark's parsers search to the end of the
// block, or walk over all nodes of it.
type meteredInline struct{ parser.InlineParser }

func meterInlines(list []util.PrioritizedValue) []util.PrioritizedValue {
	out := make([]util.PrioritizedValue, len(list))
	for i, v := range list {
		out[i] = util.Prioritized(meteredInline{v.Value.(parser.InlineParser)}, v.Priority)
	}
	return out
}

// Parse parses one inline element.
func (p meteredInline) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	m.enter(parent)
	line, start := block.PeekLine()
	char, next := line[0], byte(0)
	if len(line) > 1 {
		next = line[1]
	}
	lines := parent.Lines()
	rest := max(lines.At(lines.Len()-1).Stop-start.Start, 1)
	node := p.InlineParser.Parse(parent, block, pc)
	_, end := block.Position()
	read := max(end.Start-start.Start, 1)
	switch {
	case char == ']':
		read += lines.Len() + m.inlines
		if node == nil && (next == '(' || next == '[') {
			read += rest
		}
	case char == '`' && node != nil && node.Kind() == ast.KindText: // no run ends the code
		read = rest
	case char == '<' && node == nil && (util.IsAlphaNumeric(next) || bytes.IndexByte([]byte("/!?"), next) >= 0):
		read = rest
	case char == '[' && next == '^':
		read += m.footnotes + lines.Len()
	}
	if node == nil {
		m.charge(read)
		return nil
	}
	if _, ok := node.(*parser.Delimiter); ok {
		m.delimiters++
		read += m.delimiters // each may be compared with all before it
	}
	m.inlines += 2 // the node, and the text before it
	m.charge(read)
	m.add(2)
	return node
}

// CloseBlock passes the end of a block on to parsers that wait for it.
func (p meteredInline) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if c, ok := p.InlineParser.(parser.CloseBlocker); ok {
		c.CloseBlock(parent, block, pc)
	}
}

// guard looks at each paragraph before goldmark turns it into tables and link references. It charges what they will cost.
type guard struct{}

// Transform charges for a paragraph. It changes nothing.
func (guard) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	m, lines, source := meterOf(pc), node.Lines(), reader.Source()
	m.charge(lines.Len())
	first := lines.At(0)
	if bytes.HasPrefix(bytes.TrimLeft(first.Value(source), " "), []byte("[")) {
		definitions := 0
		for i := range lines.Len() {
			line := lines.At(i)
			if bytes.HasPrefix(bytes.TrimLeft(line.Value(source), " "), []byte("[")) {
				definitions++
			}
		}
		m.charge(definitions * lines.Len()) // goldmark moves the lines that remain for each definition
	}
	for i := 1; i < lines.Len(); i++ {
		line := lines.At(i)
		if value := line.Value(source); isTableDelimiter(value) {
			m.addCells((bytes.Count(value, []byte("|"))+1)*(lines.Len()-i), len(source)) // short rows are filled up
			return
		}
	}
}

func isTableDelimiter(line []byte) bool {
	dash := false
	for _, c := range line {
		switch c {
		case '-':
			dash = true
		case '|', ':', ' ', '\t', '\n', '\r':
		default:
			return false
		}
	}
	return dash
}
