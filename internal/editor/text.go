package editor

import (
	"docsquare/internal/errs"
	"docsquare/internal/headline"
)

func checkContent(content string) error {
	switch {
	case len(content) > headline.MaxText:
		return errs.BadInput("content", "the text may have up to %d bytes, but has %d: split the document", headline.MaxText, len(content))
	case !headline.Readable(content):
		return errs.BadInput("content", "the text must be UTF-8 without NUL characters")
	}
	return nil
}

func checkTitle(title string) error {
	if !headline.Fits(title) {
		return errs.BadInput("title", "the title may have up to %d characters in one line", headline.MaxTitle)
	}
	return nil
}
