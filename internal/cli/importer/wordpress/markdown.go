package wordpress

import (
	"html"
	"regexp"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/microcosm-cc/bluemonday"
)

// toMarkdown converts HTML.
var toMarkdown = converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin(), strikethrough.NewStrikethroughPlugin()))

// markdown returns the text of an item as Markdown.
func (x *export) markdown(it *item) (string, error) {
	text := x.shortcodes(it.text())
	if !strings.Contains(text, "<!-- wp:") {
		text = paragraphs(text)
	}
	out, err := toMarkdown.ConvertString(text)
	return strings.TrimSpace(out) + "\n", err
}

var (
	caption  = regexp.MustCompile(`\[/?caption\b[^\]]*\]`)
	embedded = regexp.MustCompile(`\[embed\b[^\]]*\]([^\[]*)\[/embed\]`)
	gallery  = regexp.MustCompile(`\[gallery\b([^\]]*)\]`)
	code     = regexp.MustCompile(`(?s)\[(?:source)?code\b([^\]]*)\](.*?)\[/(?:source)?code\]`)
	ids      = regexp.MustCompile(`ids=["'”]?([\d, ]+)`)
	language = regexp.MustCompile(`lang(?:uage)?=["'”]?([\w+#-]+)`)
)

// shortcodes turns the shortcodes that WordPress and its most used plugins have into HTML. Others stay as text.
func (x *export) shortcodes(text string) string {
	text = code.ReplaceAllStringFunc(text, func(s string) string {
		m := code.FindStringSubmatch(s)
		class := ""
		if l := language.FindStringSubmatch(m[1]); l != nil {
			class = ` class="language-` + l[1] + `"`
		}
		return "<pre><code" + class + ">" + html.EscapeString(html.UnescapeString(strings.Trim(m[2], "\r\n"))) + "</code></pre>"
	})
	text = caption.ReplaceAllString(text, "")
	text = embedded.ReplaceAllString(text, `<p><a href="$1">$1</a></p>`)
	return gallery.ReplaceAllStringFunc(text, func(s string) string {
		m := ids.FindStringSubmatch(s)
		if m == nil {
			return s
		}
		var images strings.Builder
		for id := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return r == ',' || r == ' ' }) {
			for i := range x.Items {
				if it := &x.Items[i]; it.ID == id && it.File != "" {
					images.WriteString(`<p><img src="` + html.EscapeString(it.File) + `" alt="` + html.EscapeString(it.Title) + `"></p>`)
				}
			}
		}
		return images.String()
	})
}

// block matches lines that are no paragraphs, because they begin or end with a block of HTML.
var block = regexp.MustCompile(`(?i)^\s*</?(address|article|aside|blockquote|details|div|dl|dt|dd|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b`)

// paragraphs does what WordPress does when it shows a text of its old editor: blank lines separate paragraphs, and other line breaks are kept,
// but not in preformatted text.
func paragraphs(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out strings.Builder
	for text != "" {
		start := strings.Index(strings.ToLower(text), "<pre")
		if start < 0 {
			start = len(text)
		}
		for part := range strings.SplitSeq(text[:start], "\n\n") {
			switch part = strings.Trim(part, "\n"); {
			case strings.TrimSpace(part) == "":
			case block.MatchString(part):
				out.WriteString(part + "\n")
			default:
				out.WriteString("<p>" + strings.ReplaceAll(part, "\n", "<br>\n") + "</p>\n")
			}
		}
		text = text[start:]
		end := strings.Index(strings.ToLower(text), "</pre>")
		if end < 0 {
			end = len(text)
		} else {
			end += len("</pre>")
		}
		out.WriteString(text[:end])
		text = text[end:]
	}
	return out.String()
}

var strict = bluemonday.StrictPolicy()

// stripTags returns HTML as plain text.
func stripTags(text string) string { return html.UnescapeString(strict.Sanitize(text)) }
