package search

import (
	"docsquare/ent/document"
	"docsquare/internal/text/markdown"
)

// Plain is what a reader of a text sees of it: Markdown without its markup and tags. It is what is indexed, and what snippets are cut
// from.
func Plain(format document.Format, text string) string {
	if format != document.FormatMD {
		return text
	}
	return markdown.Text(text)
}

// plainPart is Plain for a part of a text, which may begin anywhere.
func plainPart(format document.Format, part string) string {
	if format != document.FormatMD {
		return part
	}
	return markdown.TextOfPart(part)
}
