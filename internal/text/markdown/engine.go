package markdown

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"docsquare/internal/text/frontmatter"
)

// engine parses and renders. It is safe for concurrent use.
var engine = newEngine()

func newEngine() goldmark.Markdown {
	blocks := meterBlocks([]util.PrioritizedValue{
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(container{parser.NewListParser()}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(mathBlocks{}, 750),
		util.Prioritized(container{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(container{directives{}}, 850),
		util.Prioritized(components{}, 890),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	})
	blocks = append(blocks, util.Prioritized(meteredBlock{BlockParser: extension.NewFootnoteBlockParser(), nests: true, footnote: true}, 999))
	inlines := meterInlines([]util.PrioritizedValue{
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(extension.NewFootnoteParser(), 101),
		util.Prioritized(mathSpans{}, 150),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(componentSpans{}, 350),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(flanked{parser.NewEmphasisParser()}, 500),
		util.Prioritized(flanked{extension.NewStrikethroughParser()}, 500),
		util.Prioritized(equalSigns{}, 500),
		util.Prioritized(attributeSpans{}, 600),
		util.Prioritized(addresses{}, 900),
		util.Prioritized(emoji.NewParser(), 999),
	})
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(inlines...),
			parser.WithParagraphTransformers(
				util.Prioritized(guard{}, 90),
				util.Prioritized(attributeLines{}, 95),
				util.Prioritized(modules{}, 96),
				util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
				util.Prioritized(extension.NewTableParagraphTransformer(), 200),
			),
			parser.WithASTTransformers(
				util.Prioritized(extension.NewTableASTTransformer(), 0),
				util.Prioritized(finisher{}, 500),
				util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
			),
		)),
		goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
			util.Prioritized(blockRenderer{}, 100),
			util.Prioritized(markRenderer{}, 100),
			util.Prioritized(emoji.NewHTMLRenderer(emoji.WithRenderingMethod(emoji.Unicode).(emoji.RendererOption)), 200),
			util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
			util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
			util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
			util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
			util.Prioritized(html.NewRenderer(html.WithUnsafe()), 1000), // raw HTML is sanitised with all the rest
		))),
	)
}

// style is how a text is rendered.
type style struct {
	highlight bool   // code is highlighted
	comment   string // what makes the ids of a comment unique on a page; empty for a document
}

// body returns what is rendered of a text: a document without its front matter.
func (s style) body(source string) string {
	source = strings.TrimPrefix(strings.ToValidUTF8(source, "\uFFFD"), "\uFEFF")
	if s.comment != "" {
		return source
	}
	_, body, _ := frontmatter.Split(source) // what is broken is shown
	return body
}

// identifiers returns the ids of a text before any is known.
func (s style) identifiers(body string) identifiers {
	if s.comment != "" {
		return newIdentifiers(idPrefix+s.comment+"-", suffixOf(body))
	}
	return newIdentifiers(idPrefix, suffixOf(body))
}

// parse parses, renders and sanitises a text. See Render for limit and err.
func parse(m *meter, source string, how style, files Files) (o *outline, limit string, err error) {
	body := how.body(source)
	var unsized error
	limit, err = bounded(func() {
		m.charge(1)
		pc := parser.NewContext()
		pc.Set(meterKey, m)
		pc.Set(breaksKey, how.comment != "")
		data := []byte(body)
		root := engine.Parser().Parse(text.NewReader(data), parser.WithContext(pc))
		out := &output{max: outputLimit(len(data)), data: make([]byte, 0, 2*len(data))}
		if err := engine.Renderer().Render(out, data, root); err != nil {
			panic(exceeded("its HTML has more than %d bytes", out.max))
		}
		m.charge(ctxInterval)
		clean := policy.SanitizeReader(bytes.NewReader(out.data))
		m.charge(ctxInterval)
		w := newWriter(m, how, body, files.Named)
		w.copy(clean.Bytes())
		unsized = w.size(files.Sizes)
		o = w.outline()
		if len(o.html) > outputLimit(len(data)) {
			panic(exceeded("its HTML has more than %d bytes", out.max))
		}
	})
	return o, limit, cmp.Or(err, unsized)
}
