package markdown

import (
	"slices"
	"strings"
)

// place is what a block is in.
type place uint8

const (
	placeTop  place = iota // the text itself, and elements that only lay it out
	placeItem              // a list, a table, or what can be folded
	placeQuote
)

// placeWithin returns the place of what is in an element at a place. What is in a quote is part of it.
func placeWithin(tag, class string, outer place) place {
	switch {
	case outer == placeQuote || tag == "blockquote" || strings.HasPrefix(class, "markdown-alert"):
		return placeQuote
	case slices.Contains([]string{"li", "dt", "dd", "td", "th", "details", "aside"}, tag):
		return placeItem
	}
	return outer
}
