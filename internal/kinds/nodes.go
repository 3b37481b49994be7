package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
)

// nodes is what the cache has of the nodes of the graph: the kinds whose keys are their IDs, and the tags that invalidate them.
var nodes = map[nodeid.Type]struct {
	kinds []string
	tags  []func(uuid.UUID) cache.Tag
}{
	nodeid.User: {
		[]string{"user", "user_stats"},
		[]func(uuid.UUID) cache.Tag{UserTag, UserStatsTag, SessionsOfTag, DocumentsOfTag, LikesOfTag, FavoritesOfTag, CommentLikesOfTag, FilesOfTag, EditorSessionsOfTag},
	},
	nodeid.Document: {
		[]string{"document", "document_stats", "related"},
		[]func(uuid.UUID) cache.Tag{DocumentTag, DocumentStatsTag, CommentsOfTag, CommentRankingTag, ThreadTag},
	},
	nodeid.Revision:      {[]string{"revision"}, []func(uuid.UUID) cache.Tag{RevisionTag}},
	nodeid.Comment:       {[]string{"comment"}, []func(uuid.UUID) cache.Tag{CommentTag, RepliesTag}},
	nodeid.File:          {[]string{"file"}, []func(uuid.UUID) cache.Tag{FileTag, DocumentsOfFileTag}},
	nodeid.EditorSession: {[]string{"editor_session"}, []func(uuid.UUID) cache.Tag{EditorSessionTag}},
}

// TagsOf returns the tags of a node of the graph. An error has the code BAD_USER_INPUT.
func TagsOf(id nodeid.ID) ([]cache.Tag, error) {
	tags := nodes[id.Type].tags
	if len(tags) == 0 {
		return nil, errs.New(errs.BadUserInput, "nothing in the cache rests on a %s by its identifier", id.Type)
	}
	all := make([]cache.Tag, len(tags))
	for i, tag := range tags {
		all[i] = tag(id.UUID)
	}
	return all, nil
}

// label returns a key as text for people: the global ID of a node, or the fields of a composite key. Strings are usernames and
// email addresses: for those and for secrets it returns text, the hash that is the key in Redis.
func label(kind string, key any, text string) string {
	switch id := key.(type) {
	case string, TokenHash, Subject, Single:
		return text
	case uuid.UUID:
		for typ, node := range nodes {
			if slices.Contains(node.kinds, kind) {
				return nodeid.ID{Type: typ, UUID: id}.String()
			}
		}
		return id.String()
	}
	return strings.ReplaceAll(fmt.Sprintf("%+v", key), uuid.Nil.String(), "-")
}
