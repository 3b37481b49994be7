package document

import (
	"bytes"
	"context"
	"html"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"docsquare/ent/document"
	"docsquare/internal/kinds"
)

// Source is a text to render.
type Source struct {
	Key    kinds.RevisionKey
	Format document.Format
}

var (
	markdown = goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	policy   = sanitising()
)

func sanitising() *bluemonday.Policy {
	p := bluemonday.UGCPolicy()
	p.AllowAttrs("class").Matching(bluemonday.SpaceSeparatedTokens).OnElements("code")
	p.AllowAttrs("type", "checked", "disabled").OnElements("input")
	p.RequireNoFollowOnLinks(true)
	return p
}

// HTML is each text as sanitised HTML, rendered once for each state of a document.
func (s *Service) HTML(ctx context.Context, sources []Source) (map[Source]string, error) {
	formats := make(map[kinds.RevisionKey]Source, len(sources))
	keys := make([]kinds.RevisionKey, len(sources))
	for i, src := range sources {
		keys[i], formats[src.Key] = src.Key, src
	}
	rendered, err := s.cache.HTML.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.RevisionKey) (map[kinds.RevisionKey]string, error) {
		texts, err := s.Texts(ctx, keys)
		out := make(map[kinds.RevisionKey]string, len(texts))
		for key, text := range texts {
			out[key] = Render(formats[key].Format, text.Body)
		}
		return out, err
	})
	out := make(map[Source]string, len(rendered))
	for key, text := range rendered {
		out[formats[key]] = text
	}
	return out, err
}

// Render is a text as sanitised HTML: Markdown with GitHub's extensions, anything else as paragraphs.
func Render(format document.Format, text string) string {
	if format != document.FormatMD {
		return paragraphs(text)
	}
	var out bytes.Buffer
	if err := markdown.Convert([]byte(text), &out); err != nil {
		return paragraphs(text)
	}
	return policy.Sanitize(out.String())
}

func paragraphs(text string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(part), "\n", "<br>") + "</p>\n")
		}
	}
	return out.String()
}
