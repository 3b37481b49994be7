package search

import (
	"context"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"docsquare/ent/document"
	"docsquare/internal/search/fold"
)

// A text is looked through in blocks. A block without the beginning of any word of the query is passed over, which takes little. Of the
// others, so many are read that their bytes are excerptBytes, or fewer if one has all units together.
const (
	excerptBlock = 8 << 10
	excerptBytes = 64 << 10
)

// Excerpt is Snippet for the text of a document of a format, which may be long: it reads a bounded part of it, and stops when the context
// ends.
func (q Query) Excerpt(ctx context.Context, format document.Format, text string) (html string, matches bool, err error) {
	units := q.units()
	best, wanted := 0, needles(units)
	for at, read := 0, 0; at < len(text) && read < excerptBytes; {
		if err := ctx.Err(); err != nil {
			return "", false, err
		}
		end := blockEnd(text, at)
		block := text[at:end]
		before, after := at > 0, end < len(text)
		at = end
		if !containsAny(block, wanted) && (format != document.FormatMD || !containsAny(decoded(block), wanted)) {
			continue
		}
		read += len(block)
		plain := plainPart(format, block)
		hits := hitsOf(units, plain)
		if len(hits) == 0 {
			continue
		}
		part, n := window(plain, hits)
		if n <= best {
			continue
		}
		best, html = n, cut(plain, part, hits, before || part.start > 0, after || part.end < len(plain))
		if n == len(units) {
			break
		}
	}
	return html, best > 0, nil
}

// blockEnd is where the block that begins at a place ends: with a line, if one ends in it, and never within a character.
func blockEnd(text string, at int) int {
	if len(text)-at <= excerptBlock {
		return len(text)
	}
	end := at + excerptBlock
	if line := strings.LastIndexByte(text[at:end], '\n'); line > 0 {
		return at + line + 1
	}
	for end > at+1 && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// needles returns what a text contains, folded and without marks, if it has one of the units: the beginning of each. A stem may differ from
// its words at the end. It returns nil if that is unknown.
func needles(units []unit) []string {
	list := make([]string, 0, len(units))
	for _, u := range units {
		r, size := utf8.DecodeRuneInString(u.token)
		switch {
		case u.whole: // one of its parts is a unit too
		case kindOf(r) == ideograph:
			list = append(list, u.token[:size])
		case strings.IndexFunc(u.token, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0:
			return nil
		default:
			list = append(list, u.token[:min(max(len(u.token)-2, 1), 3)])
		}
	}
	return list
}

// unmarked removes characters within words that are not part of their tokens.
var unmarked = strings.NewReplacer("'", "", "*", "", "`", "", "~", "", "-", "", "_", "", "\\", "")

// decoded returns Markdown with the characters that its entities stand for, and without places for line breaks. It is empty if the text has neither.
func decoded(text string) string {
	if !strings.Contains(text, "&") && !strings.Contains(text, "<wbr") {
		return ""
	}
	return breaks.Replace(html.UnescapeString(text))
}

var breaks = strings.NewReplacer("<wbr>", "", "<wbr/>", "", "<wbr />", "")

func containsAny(text string, needles []string) bool {
	if needles == nil {
		return true
	}
	text = unmarked.Replace(fold.String(text))
	return slices.ContainsFunc(needles, func(n string) bool { return strings.Contains(text, n) })
}
