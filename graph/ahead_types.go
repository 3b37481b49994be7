package graph

import (
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/interaction"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// What loaders serve below each type: one row a field, and nothing about it anywhere else but in its resolver.

func aheadOfUser(v viewer.Viewer) fields[*ent.User] {
	lists := func(kind cache.UserList) field[*ent.User] {
		key := func(user uuid.UUID, args page.Args) (cache.UserListKey, bool) { return userList(v, user, kind, args) }
		return byID[*ent.User](list(func(s *loader.Set) *loader.Loader[cache.UserListKey, page.IDs] { return s.UserLists }, key, square.ListOrder(kind),
			documentsOf, aheadOfDocument(v), func(a *ahead, w *loader.Wave, users []uuid.UUID) {
				for _, u := range users {
					if k, ok := userList(v, u, kind, page.Args{}); ok {
						loader.Announce(w, a.set.UserTotals, k.UserListCount)
					}
				}
			}))
	}
	return func() (string, map[string]field[*ent.User]) {
		return "User", map[string]field[*ent.User]{
			"stats":     byID[*ent.User](value(func(s *loader.Set) *loader.Loader[uuid.UUID, *ent.UserStats] { return s.UserStats }, itself)),
			"sessions":  byID[*ent.User](value(func(s *loader.Set) *loader.Loader[uuid.UUID, []*ent.Session] { return s.Sessions }, func(u uuid.UUID) (uuid.UUID, bool) { return u, v.Is(u) })),
			"documents": lists(cache.PublicDocuments),
			"favorites": lists(cache.Favorites),
			"likes":     lists(cache.Likes),
			"drafts":    lists(cache.Drafts),
			"files": byID[*ent.User](list(func(s *loader.Set) *loader.Loader[page.List, page.IDs] { return s.FilePages }, ownList(v),
				upload.Order, filesOf, plain[*ent.File]("File"), func(a *ahead, w *loader.Wave, users []uuid.UUID) {
					loader.Announce(w, a.set.FileTotals, ownOf(v, users)...)
				})),
			"editorSessions": byID[*ent.User](list(func(s *loader.Set) *loader.Loader[page.List, page.IDs] { return s.EditorPages }, ownList(v),
				editor.Order, editorsOf, aheadOfEditorSession(v), func(a *ahead, w *loader.Wave, users []uuid.UUID) {
					loader.Announce(w, a.set.EditorTotals, ownOf(v, users)...)
				})),
		}
	}
}

func aheadOfDocument(v viewer.Viewer) fields[*ent.Document] {
	return func() (string, map[string]field[*ent.Document]) {
		return "Document", map[string]field[*ent.Document]{
			"author":   one(usersOf, func(d *ent.Document) (uuid.UUID, bool) { return d.AuthorID, true }, aheadOfUser(v)),
			"stats":    byID[*ent.Document](value(func(s *loader.Set) *loader.Loader[uuid.UUID, *ent.DocumentStats] { return s.DocumentStats }, itself)),
			"body":     value(func(s *loader.Set) *loader.Loader[cache.RevisionKey, *ent.Revision] { return s.Texts }, textOf),
			"bodyHtml": value(func(s *loader.Set) *loader.Loader[document.Source, string] { return s.HTML }, sourceOf),
			"comments": byID[*ent.Document](list(func(s *loader.Set) *loader.Loader[page.List, page.IDs] { return s.CommentPages },
				func(document uuid.UUID, args page.Args) (page.List, bool) {
					return page.List{Of: document, Args: args}, true
				},
				interaction.CommentOrder, commentsOf, aheadOfComment(v), func(a *ahead, w *loader.Wave, documents []uuid.UUID) {
					loader.Announce(w, a.set.DocumentStats, documents...)
				})),
			"revisions": list(func(s *loader.Set) *loader.Loader[page.List, page.IDs] { return s.RevisionPages },
				func(d *ent.Document, args page.Args) (page.List, bool) {
					return page.List{Of: d.ID, Args: args}, v.Edits(d)
				},
				document.RevisionOrder, func(s *loader.Set) *loader.Loader[uuid.UUID, *ent.Revision] { return s.Revisions },
				plain[*ent.Revision]("Revision"), nil),
			"file":               one(filesOf, fileOf, plain[*ent.File]("File")),
			"viewerHasLiked":     byID[*ent.Document](value(func(s *loader.Set) *loader.Loader[cache.MarkKey, bool] { return s.Liked }, markBy(v))),
			"viewerHasFavorited": byID[*ent.Document](value(func(s *loader.Set) *loader.Loader[cache.MarkKey, bool] { return s.Favorited }, markBy(v))),
		}
	}
}

func aheadOfComment(v viewer.Viewer) fields[*ent.Comment] {
	return func() (string, map[string]field[*ent.Comment]) {
		about := func(c *ent.Comment) (uuid.UUID, bool) { return c.DocumentID, true }
		return "Comment", map[string]field[*ent.Comment]{
			"author":          one(usersOf, func(c *ent.Comment) (uuid.UUID, bool) { return c.AuthorID, true }, aheadOfUser(v)),
			"document":        one(documentsOf, about, aheadOfDocument(v)),
			"viewerCanDelete": value(documentsOf, about),
			"parent":          one(commentsOf, parentOf, aheadOfComment(v)),
			"replies": list(func(s *loader.Set) *loader.Loader[page.List, page.IDs] { return s.ReplyPages }, repliesTo,
				interaction.CommentOrder, commentsOf, aheadOfComment(v), func(a *ahead, w *loader.Wave, of []*ent.Comment) {
					loader.Announce(w, a.set.ReplyTotals, keysOf(of, func(c *ent.Comment) (uuid.UUID, bool) { return c.ID, c.ParentID == nil })...)
				}),
		}
	}
}

func aheadOfEditorSession(v viewer.Viewer) fields[*ent.EditorSession] {
	return func() (string, map[string]field[*ent.EditorSession]) {
		return "EditorSession", map[string]field[*ent.EditorSession]{
			"document": one(documentsOf, written, aheadOfDocument(v)),
		}
	}
}

// plain is a type of which no loader serves a field.
func plain[P any](typeName string) fields[P] {
	return func() (string, map[string]field[P]) { return typeName, nil }
}

func usersOf(s *loader.Set) *loader.Loader[uuid.UUID, *ent.User]         { return s.Users }
func documentsOf(s *loader.Set) *loader.Loader[uuid.UUID, *ent.Document] { return s.Documents }
func commentsOf(s *loader.Set) *loader.Loader[uuid.UUID, *ent.Comment]   { return s.Comments }

func filesOf(s *loader.Set) *loader.Loader[uuid.UUID, *ent.File] { return s.Files }
func editorsOf(s *loader.Set) *loader.Loader[uuid.UUID, *ent.EditorSession] {
	return s.Editors
}

func itself(id uuid.UUID) (uuid.UUID, bool) { return id, true }

func textOf(d *ent.Document) (cache.RevisionKey, bool) {
	return cache.RevisionKey{Document: d.ID, Number: d.Revision}, true
}

func sourceOf(d *ent.Document) (document.Source, bool) {
	key, ok := textOf(d)
	return document.Source{Key: key, Format: d.Format}, ok
}

func parentOf(c *ent.Comment) (uuid.UUID, bool)      { return given(c.ParentID) }
func fileOf(d *ent.Document) (uuid.UUID, bool)       { return given(d.FileID) }
func written(x *ent.EditorSession) (uuid.UUID, bool) { return given(x.DocumentID) }

func given(id *uuid.UUID) (uuid.UUID, bool) {
	if id == nil {
		return uuid.Nil, false
	}
	return *id, true
}

// ownList is the key of a page of a list that only its account sees.
func ownList(v viewer.Viewer) func(user uuid.UUID, args page.Args) (page.List, bool) {
	return func(user uuid.UUID, args page.Args) (page.List, bool) {
		return page.List{Of: user, Args: args}, v.Is(user)
	}
}

// ownOf is the viewer, where it is among the accounts.
func ownOf(v viewer.Viewer, users []uuid.UUID) []uuid.UUID {
	return keysOf(users, func(u uuid.UUID) (uuid.UUID, bool) { return u, v.Is(u) })
}

// repliesTo is the key of a page of replies. A reply has none.
func repliesTo(c *ent.Comment, args page.Args) (page.List, bool) {
	return page.List{Of: c.ID, Args: args}, c.ParentID == nil
}

func markBy(v viewer.Viewer) func(document uuid.UUID) (cache.MarkKey, bool) {
	return func(document uuid.UUID) (cache.MarkKey, bool) {
		return cache.MarkKey{User: v.UserID, Document: document}, !v.Guest()
	}
}

// userList is the key of a page of an account's list, false for a list that the viewer may not see. The account itself
// sees all its documents among them.
func userList(v viewer.Viewer, user uuid.UUID, kind cache.UserList, args page.Args) (cache.UserListKey, bool) {
	if v.Is(user) && kind == cache.PublicDocuments {
		kind = cache.OwnDocuments
	}
	key := cache.UserListKey{UserListCount: cache.UserListCount{List: kind, User: user}, Args: args}
	return key, v.Is(user) || kind == cache.PublicDocuments
}
