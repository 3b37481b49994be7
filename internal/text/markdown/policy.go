package markdown

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// policy defines which HTML remains. Classes are those that the renderer writes, so that no text can dress as a part of the page;
// ids get a prefix afterwards (writer.go). There are no scripts, styles, frames and forms.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowURLSchemes("ftp") // which autolinks have
	p.RequireNoFollowOnLinks(false)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.AllowElements("kbd", "center", "big")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[^\s"'<>]{1,300}$`)).Globally()
	p.AllowAttrs("name").Matching(regexp.MustCompile(`^[^\s"'<>]{1,300}$`)).OnElements("a")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`(?i)^(left|right|center|justify)$`)).
		OnElements("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "img", "hr")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^-?[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("reversed").OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[^\s"'<>]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(footnotes|math math-display|markdown-alert markdown-alert-(note|tip|important|warning|caution))$`)).OnElements("div")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^markdown-alert-title$`)).OnElements("p")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^math math-(inline|display)$`)).OnElements("span")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnote-(ref|backref)$`)).OnElements("a")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(noteref|backlink)$`)).OnElements("a")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-endnotes$`)).OnElements("div")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").OnElements("input")
	return p
}
