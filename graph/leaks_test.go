package graph_test

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
)

var words = regexp.MustCompile(`[A-Za-z0-9_-]{16,}`)

// leaks is what an answer shows of the document: its texts, and identifiers of what belongs to it, also inside of cursors.
func leaks(raw string, h hidden) []string {
	var found []string
	for _, mark := range marksOfHidden {
		if strings.Contains(raw, mark) {
			found = append(found, mark)
		}
	}
	var ids []uuid.UUID
	for _, id := range []string{h.id, h.comment, h.revision, h.newRevision, h.file, h.editor} {
		if parsed, err := nodeid.Parse(id); err == nil {
			ids = append(ids, parsed.UUID)
		}
	}
	for _, id := range ids {
		if strings.Contains(raw, id.String()) {
			found = append(found, id.String())
		}
	}
	for _, word := range words.FindAllString(raw, -1) {
		inside, err := base64.RawURLEncoding.DecodeString(word)
		if err == nil && slices.ContainsFunc(ids, func(id uuid.UUID) bool { return bytes.Contains(inside, id[:]) }) {
			found = append(found, word)
		}
	}
	return found
}
