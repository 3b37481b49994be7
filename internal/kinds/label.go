package kinds

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
)

// nodes are the kinds whose keys are IDs of nodes of the graph.
var nodes = map[string]nodeid.Type{
	"user": nodeid.User, "user_stats": nodeid.User, "document": nodeid.Document, "document_stats": nodeid.Document,
	"comment": nodeid.Comment, "revision": nodeid.Revision, "file": nodeid.File, "editor_session": nodeid.EditorSession,
}

// label returns a key as text for people: the global ID of a node, or the fields of a composite key. Strings are usernames and
// email addresses: for those and for secrets it returns text, the hash that is the key in Redis.
func label(kind string, key any, text string) string {
	switch id := key.(type) {
	case string, TokenHash, Subject, Single:
		return text
	case uuid.UUID:
		if typ := nodes[kind]; typ != 0 {
			return nodeid.ID{Type: typ, UUID: id}.String()
		}
		return id.String()
	}
	return strings.ReplaceAll(fmt.Sprintf("%+v", key), uuid.Nil.String(), "-")
}
