package app

import (
	"context"
	"regexp"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/nodeid"
)

// uuids finds identifiers in the text of a composite key.
var uuids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// Titles returns the titles of public documents and the usernames of accounts that keys of the cache are about, by key. Titles of other
// documents are for their authors only.
func (a *App) Titles(ctx context.Context, keys []string) (map[string]string, error) {
	subjects, ids := make(map[string]uuid.UUID, len(keys)), map[nodeid.Type][]uuid.UUID{}
	for _, key := range keys {
		for _, id := range subjectsOf(key) {
			subjects[key] = id.UUID
			ids[id.Type] = append(ids[id.Type], id.UUID)
		}
	}
	comments, err := a.Interactions.CommentsByIDs(ctx, ids[nodeid.Comment])
	if err != nil {
		return nil, err
	}
	for _, c := range comments {
		ids[nodeid.Document] = append(ids[nodeid.Document], c.DocumentID)
	}
	documents, err := a.Documents.ByIDs(ctx, ids[nodeid.Document])
	if err != nil {
		return nil, err
	}
	users, err := a.Accounts.ByIDs(ctx, ids[nodeid.User])
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for key, id := range subjects {
		if title := titleOf(id, documents, users, comments); title != "" {
			found[key] = title
		}
	}
	return found, nil
}

func titleOf(id uuid.UUID, documents map[uuid.UUID]*ent.Document, users map[uuid.UUID]*ent.User, comments map[uuid.UUID]*ent.Comment) string {
	if u := users[id]; u != nil {
		return "@" + u.Username
	}
	if c := comments[id]; c != nil {
		if title := titleOf(c.DocumentID, documents, nil, nil); title != "" {
			return "comment on " + title
		}
		return ""
	}
	if d := documents[id]; d != nil && d.Visibility == document.VisibilityPublic {
		return d.Title
	}
	return ""
}

// subjectsOf returns what a key of the cache is about: the key is a global ID, or its text has an identifier, which is that of a document or
// of an account.
func subjectsOf(key string) []nodeid.ID {
	if id, err := nodeid.Parse(key); err == nil {
		return []nodeid.ID{id}
	}
	id, err := uuid.Parse(uuids.FindString(key))
	if err != nil {
		return nil
	}
	return []nodeid.ID{{Type: nodeid.Document, UUID: id}, {Type: nodeid.User, UUID: id}}
}
