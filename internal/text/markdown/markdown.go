// Package markdown turns the text of a document into everything that is shown of it. One parse gives the sanitised HTML, the
// title, the summary, the table of contents, the reading time and the plain text, so that they cannot disagree.
//
// The dialect is CommonMark with GitHub's extensions, see docs/rendering.md. Time, memory and output of a parse are bounded by
// the length of the text (limits.go): text that exceeds a limit is rendered as plain paragraphs.
package markdown

import (
	"context"
	"html"
	"strings"
)

// Document is a rendered text. It is immutable once it is returned.
type Document struct {
	HTML     string    // sanitised, and well-formed on its own. Addresses of files lack the host: see HTMLAt
	Contents []Heading // in the order of the text
	Text     string    // what a reader sees, without markup; blocks are separated by line breaks
	Minutes  int       // the reading time: 0 for an empty text, otherwise at least 1
}

// Heading is an entry of the table of contents.
type Heading struct {
	Level int    // 1 to 6
	Text  string // plain, in one line
	ID    string // the value of the id attribute in the HTML: "#" and it link to the heading
}

// Render renders the Markdown of a document with highlighted code, and with what is known of the files that it shows.
//
// If the text exceeds a limit, Render returns it as plain paragraphs, and the reason in limit. If the context ends first, it
// returns the error of the context: the work stops there. An error of files.Sizes is returned, too.
func Render(ctx context.Context, source string, files Files) (doc *Document, limit string, err error) {
	return render(ctx, source, style{highlight: true}, files)
}

// RenderComment renders the Markdown of a comment as Render does, but for line breaks, which are shown, as on GitHub, and front matter, which it has
// not. The name makes the ids in the HTML differ from those of other comments on the page.
func RenderComment(ctx context.Context, source, name string) (doc *Document, limit string, err error) {
	return render(ctx, source, style{highlight: true, comment: name}, Files{})
}

func render(ctx context.Context, source string, how style, files Files) (doc *Document, limit string, err error) {
	o, limit, err := parse(&meter{ctx: ctx}, source, how, files)
	if err != nil {
		return nil, "", err
	}
	if limit != "" {
		return Paragraphs(source), limit, nil
	}
	return o.document(), "", nil
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// Paragraphs renders plain text: one paragraph for each group of lines, everything escaped.
func Paragraphs(source string) *Document {
	source = lineBreaks.Replace(source)
	var out, text strings.Builder
	for part := range strings.SplitSeq(source, "\n\n") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		out.WriteString("<p>")
		out.WriteString(strings.ReplaceAll(html.EscapeString(part), "\n", "<br>"))
		out.WriteString("</p>\n")
		if text.Len() > 0 {
			text.WriteString("\n\n")
		}
		text.WriteString(part)
	}
	return &Document{HTML: out.String(), Text: text.String(), Minutes: minutes(text.String())}
}
