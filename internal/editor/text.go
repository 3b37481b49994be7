package editor

import (
	"strings"

	"docsquare/internal/errs"
	"docsquare/internal/text/plaintext"
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

// checkTitle returns a title in the form of names. It may be empty.
func checkTitle(title string) (string, error) {
	if strings.TrimSpace(title) == "" {
		return "", nil
	}
	name, err := plaintext.Name(title, plaintext.MaxTitle)
	if err != nil {
		return "", errs.BadInput("title", "the title %v", err)
	}
	return name, nil
}
