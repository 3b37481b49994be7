package markdown

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"docsquare/internal/text/plaintext"
)

// blockKind is the kind of a block of text.
type blockKind uint8

const (
	blockParagraph blockKind = iota
	blockHeading
	blockItem  // of a list
	blockCell  // of a table
	blockCode  //
	blockNote  // at the foot
	blockLabel // of a callout
)

// block is a block of text as a reader sees it.
type block struct {
	kind  blockKind
	level int // of a heading
	text  string
	alt   string // of its images
	row   int    // of the table row, counted over the whole text
	place place
}

// kindWithin returns the kind of text in an element within another one.
func kindWithin(tag string, outer blockKind) blockKind {
	if outer == blockNote || outer == blockCode {
		return outer
	}
	switch tag {
	case "pre":
		return blockCode
	case "td", "th":
		return blockCell
	case "li", "dt", "dd", "summary":
		return blockItem
	}
	if isHeading(tag) {
		return blockHeading
	}
	return outer
}

// outline is what the parse of a text has found.
type outline struct {
	html     string
	contents []Heading
	blocks   []block
	ids      identifiers
	files    []uuid.UUID // that the text shows or links to
}

func (o *outline) document() *Document {
	text := o.text()
	return &Document{HTML: o.html, Contents: o.contents, Text: text, Minutes: minutes(text)}
}

// text returns the plain text. Cells are separated by tabs, items and rows by line breaks, everything else by blank lines.
func (o *outline) text() string {
	var out strings.Builder
	for i, b := range o.blocks {
		if i > 0 {
			out.WriteString(separator(o.blocks[i-1], b))
		}
		switch {
		case b.text == "":
			out.WriteString(b.alt)
		case b.alt == "":
			out.WriteString(strings.TrimRight(b.text, "\n"))
		default:
			out.WriteString(b.text + " " + b.alt)
		}
	}
	return out.String()
}

func separator(a, b block) string {
	switch {
	case a.kind == blockCell && b.kind == blockCell && a.row == b.row:
		return "\t"
	case a.kind == b.kind && (a.kind == blockCell || a.kind == blockItem || a.kind == blockNote):
		return "\n"
	}
	return "\n\n"
}

// Outline is what a text is called if its author does not say so.
type Outline struct {
	heading string // its title
	opening string // its first words
	Summary string // the start of its text, up to 160 characters
}

const (
	maxOutlined = 32 << 10 // bytes of a text that titles and summaries are taken from
	maxSkimmed  = 1 << 21  // steps that this may take: titles are taken within transactions too
)

// Describe returns the outline of a text. Only its start is parsed, so that the time does not grow with the text. A format of MD is
// Markdown; everything else is plain text.
func Describe[F ~string](format F, source string) Outline {
	if format == "MD" {
		return skim(source)
	}
	return skimPlain(source)
}

func skim(source string) Outline {
	if len(source) > maxOutlined {
		source = source[:maxOutlined]
		if i := strings.LastIndexByte(source, '\n'); i > 0 {
			source = source[:i]
		}
	}
	o, limit, err := parse(&meter{ctx: context.Background(), max: maxSkimmed}, source, style{}, Files{})
	if err != nil || limit != "" {
		return skimPlain(source)
	}
	return Outline{heading: o.title(), opening: o.opening(), Summary: o.summary()}
}

func skimPlain(source string) Outline {
	source = plaintext.Clip(source, maxOutlined)
	o := outline{}
	for part := range strings.SplitSeq(strings.ReplaceAll(source, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			o.blocks = append(o.blocks, block{text: part})
		}
	}
	return Outline{opening: o.opening(), Summary: o.summary()}
}

// Title returns the title of a text in one line of at most limit characters: its heading, else the first of the names that is
// not blank, else its first words. It is empty if the text is.
func (o Outline) Title(limit int, names ...string) string {
	for _, s := range append(append([]string{o.heading}, names...), o.opening) {
		if s = plaintext.Line(s, limit); s != "" {
			return s
		}
	}
	return ""
}

// title returns the first heading of the first level, else the heading that the text opens with. Headings in quotes, lists and tables count only in a
// text without another one, and no quote opens a text with a heading after it.
func (o *outline) title() string {
	top := slices.DeleteFunc(slices.Clone(o.blocks), func(b block) bool { return b.place == placeQuote || b.place == placeItem && b.kind == blockHeading })
	return cmp.Or(titleOf(top), titleOf(o.blocks))
}

func titleOf(blocks []block) string {
	for _, b := range blocks {
		if b.kind == blockHeading && b.level == 1 {
			return b.text
		}
	}
	for _, b := range blocks {
		if b.kind == blockHeading {
			return b.text
		}
		if b.text != "" && !isDirective(b.text) {
			return ""
		}
	}
	return ""
}

// opening returns the first sentence of the text.
func (o *outline) opening() string {
	for _, prefer := range [](func(block) bool){
		func(b block) bool {
			return b.kind != blockCode && b.kind != blockLabel && b.kind != blockNote && !isDirective(b.text)
		},
		func(block) bool { return true },
	} {
		for _, b := range o.blocks {
			if prefer(b) && strings.TrimSpace(b.text) != "" {
				return sentence(b.text)
			}
		}
	}
	for _, b := range o.blocks {
		return b.alt
	}
	return ""
}

const maxSummary = 160 // characters

// summary returns the start of the paragraphs. A text without paragraphs is summarised by its lists, then by its tables, then
// by its headings.
func (o *outline) summary() string {
	for _, kind := range []blockKind{blockParagraph, blockItem, blockCell, blockHeading} {
		var words []string
		n := 0
		for _, b := range o.blocks {
			if b.kind != kind || strings.TrimSpace(b.text) == "" || isDirective(b.text) {
				continue
			}
			line := plaintext.OneLine(b.text)
			words = append(words, line)
			if n += len(line); n > 4*maxSummary {
				break
			}
		}
		if len(words) > 0 {
			return plaintext.Shorten(strings.Join(words, " "), maxSummary)
		}
	}
	return ""
}

// directive matches what is written for a site generator: imports of MDX, template tags, markers for the table of contents.
var directive = regexp.MustCompile(`^(import\s.*\sfrom\s+['"]|import\s+['"]|export\s+(const|default|function)\s|\{[%{<].*[%}>]\}$|\[\[?_?toc_?\]\]?$|:::)`)

func isDirective(text string) bool {
	return directive.MatchString(strings.ToLower(strings.TrimSpace(text)))
}

// sentence returns the first sentence of a text, at most its first line.
func sentence(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	for i, r := range s {
		switch r {
		case '。', '！', '？':
			return s[:i+len(string(r))]
		case '.', '!', '?':
			if i > 20 && i+1 < len(s) && s[i+1] == ' ' {
				return s[:i+1]
			}
		}
	}
	return s
}

// lines returns a text with its lines trimmed, and runs of white space in them as one space.
func lines(s string) string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = plaintext.OneLine(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// The speed of reading, as Medium counts it (https://help.medium.com/hc/en-us/articles/214991667).
const (
	wordsPerMinute      = 265
	charactersPerMinute = 500 // Chinese, Japanese, Korean
)

// minutes returns the reading time of a text: 0 if it is empty, at least 1 otherwise.
func minutes(text string) int {
	words, characters, inWord := 0, 0, false
	for _, r := range text {
		switch {
		case isCJK(r):
			if !isPunctuation(r) {
				characters++
			}
			inWord = false
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if !inWord {
				words++
			}
			inWord = true
		case unicode.IsSpace(r):
			inWord = false
		}
	}
	const whole = wordsPerMinute * charactersPerMinute
	return (words*charactersPerMinute + characters*wordsPerMinute + whole - 1) / whole
}
