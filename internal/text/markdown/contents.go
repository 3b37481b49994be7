package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// contentsMarkers are the lines that generators replace by a list of the headings: VuePress and VitePress, Python-Markdown and
// Typora, GitLab. The headings are Document.tableOfContents, so the marker itself is of no use to a reader.
var contentsMarkers = [][]byte{[]byte("[[toc]]"), []byte("[toc]"), []byte("[[_toc_]]")}

// isContentsMarker reports whether a paragraph is nothing but a marker, in any case. One that is a link stays.
func isContentsMarker(n *ast.Paragraph, source []byte) bool {
	if n.Lines().Len() != 1 {
		return false
	}
	line := n.Lines().At(0)
	value := bytes.TrimSpace(line.Value(source))
	for _, marker := range contentsMarkers {
		if bytes.EqualFold(value, marker) {
			return !hasLink(n)
		}
	}
	return false
}

func hasLink(n *ast.Paragraph) bool {
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if child.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}
