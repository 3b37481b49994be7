package editor

import (
	"docsquare/internal/errs"
	"docsquare/internal/plaintext"
)

func checkContent(content string) error {
	switch {
	case len(content) > plaintext.MaxText:
		return errs.BadInput("content", "the text may have up to %d bytes, but has %d: split the document", plaintext.MaxText, len(content))
	case !plaintext.Readable(content):
		return errs.BadInput("content", "the text must be UTF-8 without NUL characters")
	}
	return nil
}

func checkTitle(title string) error {
	if !plaintext.Fits(title) {
		return errs.BadInput("title", "the title may have up to %d characters in one line", plaintext.MaxTitle)
	}
	return nil
}
