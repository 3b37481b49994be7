package markdown

import (
	"bytes"
	"html"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// blockRenderer renders code with a class for its language, callouts and formulas.
type blockRenderer struct{}

// RegisterFuncs registers a function for each kind of node.
func (r blockRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, r.code)
	reg.Register(kindCallout, r.callout)
	reg.Register(kindCalloutTitle, r.calloutTitle)
	reg.Register(kindComponent, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkSkipChildren, nil })
	reg.Register(kindMathSpan, r.mathSpan)
	reg.Register(kindMathBlock, r.mathBlock)
}

func (blockRenderer) code(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.FencedCodeBlock)
	name := language(string(n.Language(source)))
	switch name {
	case "math":
		_, _ = w.WriteString(`<div class="math math-display">$$` + "\n")
		writeLines(w, source, node)
		_, _ = w.WriteString("$$</div>\n")
		return ast.WalkSkipChildren, nil
	case "":
		_, _ = w.WriteString("<pre><code>")
	default:
		_, _ = w.WriteString(`<pre><code class="language-` + html.EscapeString(name) + `">`)
	}
	writeLines(w, source, node)
	_, _ = w.WriteString("</code></pre>\n")
	return ast.WalkSkipChildren, nil
}

const maxLanguage = 40

// language returns the name of a language in an info string. Generators write options behind it, as in js{1,3-5}, go:main.go,
// rust,ignore and {.python}.
func language(info string) string {
	name := []byte(html.UnescapeString(info))
	name = bytes.TrimLeft(name, "{.")
	if i := bytes.IndexAny(name, "{},:=\"'<> \t"); i >= 0 {
		name = name[:i]
	}
	if len(name) > maxLanguage {
		return ""
	}
	return string(name)
}

func writeLines(w util.BufWriter, source []byte, node ast.Node) {
	lines := node.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		_, _ = w.Write(util.EscapeHTML(line.Value(source)))
	}
}

func (blockRenderer) callout(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*callout)
	open, end := `<div class="markdown-alert markdown-alert-`+n.class+`">`, "</div>\n"
	switch {
	case n.open:
		open, end = `<details open="">`, "</details>\n"
	case n.fold:
		open, end = "<details>", "</details>\n"
	case n.class == "":
		open = "<div>"
	}
	if !entering {
		_, _ = w.WriteString(end)
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString(open + "\n")
	if n.title != "" {
		start, end := titleTags(n)
		_, _ = w.WriteString(start + html.EscapeString(n.title) + end)
	}
	return ast.WalkContinue, nil
}

func (blockRenderer) calloutTitle(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	start, end := titleTags(node.Parent().(*callout))
	if entering {
		_, _ = w.WriteString(start)
	} else {
		_, _ = w.WriteString(end)
	}
	return ast.WalkContinue, nil
}

// titleTags returns the tags around the title of a callout.
func titleTags(n *callout) (start, end string) {
	if n.fold {
		return "<summary>", "</summary>\n"
	}
	return `<p class="markdown-alert-title">`, "</p>\n"
}

func (blockRenderer) mathSpan(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n, class := node.(*mathSpan), "math-inline"
	if n.display {
		class = "math-display"
	}
	_, _ = w.WriteString(`<span class="math ` + class + `">`)
	_, _ = w.Write(util.EscapeHTML(n.value))
	_, _ = w.WriteString("</span>")
	return ast.WalkContinue, nil
}

func (blockRenderer) mathBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="math math-display">`)
		writeLines(w, source, node)
		_, _ = w.WriteString("</div>\n")
	}
	return ast.WalkSkipChildren, nil
}
