package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// mark is highlighted text: ==a== of Obsidian, Typora and markdown-it-mark.
type mark struct{ ast.BaseInline }

var kindMark = ast.NewNodeKind("Mark")

func (*mark) Kind() ast.NodeKind              { return kindMark }
func (n *mark) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// equalSigns is the parser of runs of two equal signs, and the processor of their pairs.
type equalSigns struct{}

// Trigger returns the delimiter.
func (equalSigns) Trigger() []byte { return []byte{'='} }

// Parse parses a run. It opens no mark behind, and closes none before, an ASCII letter or digit, so that a==b is a comparison.
func (p equalSigns) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 2, p)
	if d == nil || d.OriginalLength != 2 || strings.ContainsRune("=!<>:", before) {
		return nil
	}
	flank(d, before, line)
	d.CanOpen = d.CanOpen && !isASCIIAlphanumeric(before)
	d.CanClose = d.CanClose && (len(line) == 2 || !util.IsAlphaNumeric(line[2]))
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

// IsDelimiter reports whether a byte is part of a run.
func (equalSigns) IsDelimiter(b byte) bool { return b == '=' }

// CanOpenCloser reports whether two runs are a pair.
func (equalSigns) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch returns the node of a pair.
func (equalSigns) OnMatch(int) ast.Node { return &mark{} }

// markRenderer renders marks.
type markRenderer struct{}

// RegisterFuncs registers the function for marks.
func (markRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindMark, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<mark>")
		} else {
			_, _ = w.WriteString("</mark>")
		}
		return ast.WalkContinue, nil
	})
}
