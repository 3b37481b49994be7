package editor

import (
	"strings"
	"unicode/utf8"

	"docsquare/internal/errs"
)

// The limits of a text that is being written: those of a document, but for what may still be missing.
const (
	maxContent = 512 << 10 // bytes
	maxTitle   = 200       // characters
)

func checkContent(content string) error {
	switch {
	case len(content) > maxContent:
		return errs.BadInput("content", "the text may have up to %d bytes, but has %d: split the document", maxContent, len(content))
	case !utf8.ValidString(content) || strings.ContainsRune(content, 0):
		return errs.BadInput("content", "the text must be UTF-8 without NUL characters")
	}
	return nil
}

func checkTitle(title string) error {
	if utf8.RuneCountInString(title) > maxTitle || strings.ContainsAny(title, "\r\n") {
		return errs.BadInput("title", "the title may have up to %d characters in one line", maxTitle)
	}
	return nil
}
