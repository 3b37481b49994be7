// Package headline owns what a text calls itself, how a name of any origin becomes one line, and what every text and title
// must be.
package headline

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a document, whatever it comes from.
const (
	MaxTitle = 200       // characters
	MaxText  = 512 << 10 // bytes
)

// Readable says whether a text is one that every database keeps: UTF-8 without NUL characters.
func Readable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// Fits says whether a title is short enough and one line.
func Fits(title string) bool {
	return utf8.RuneCountInString(title) <= MaxTitle && !strings.ContainsAny(title, "\r\n")
}

var (
	anchors = regexp.MustCompile(`\s*(\{#[^}]*\}|#+)\s*$`)
	links   = regexp.MustCompile(`!?\[([^]]*)\]\([^)]*\)`)
	marks   = strings.NewReplacer("`", "", "**", "", "__", "")
)

// Heading is the first heading of the first level without its markup, empty where there is none outside of code.
func Heading(body string) string {
	fence := ""
	for l := range strings.Lines(body) {
		l = strings.TrimSpace(l)
		if mark := fenceOf(l); mark != "" {
			switch fence {
			case "":
				fence = mark
			case mark:
				fence = ""
			}
			continue
		}
		if h, ok := strings.CutPrefix(l, "# "); ok && fence == "" {
			return marks.Replace(links.ReplaceAllString(anchors.ReplaceAllString(h, ""), "$1"))
		}
	}
	return ""
}

func fenceOf(l string) string {
	for _, mark := range []string{"```", "~~~"} {
		if strings.HasPrefix(l, mark) {
			return mark
		}
	}
	return ""
}

// Line is a text in one line without control characters, cut to so many characters.
func Line(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return s
}

// Of is the heading of a text in one line, or else its first line that is not empty, cut to so many characters; empty where
// the text is.
func Of(body string, limit int) string {
	if h := Line(Heading(body), limit); h != "" {
		return h
	}
	for l := range strings.Lines(body) {
		if l = Line(l, limit); l != "" {
			return l
		}
	}
	return ""
}
