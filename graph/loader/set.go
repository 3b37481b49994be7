package loader

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/cache"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/interaction"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/stats"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Sources is the services that loaders read from.
type Sources struct {
	Cache        *cache.Cache
	Accounts     *account.Service
	Documents    *document.Service
	Square       *square.Service
	Interactions *interaction.Service
	Stats        *stats.Service
	Uploads      *upload.Service
	Editor       *editor.Service
	Audit        *audit.Service
	Admin        *admin.Service

	Alone bool // every field reads its own key by itself, without look-ahead: for measuring what loaders are worth
}

// Set is the loaders of one operation for one viewer.
type Set struct {
	sources Sources
	company *company // the root fields of a query; nil for a mutation

	Users         *Loader[uuid.UUID, *ent.User]
	UserStats     *Loader[uuid.UUID, *ent.UserStats]
	Usernames     *Loader[string, uuid.UUID]
	Sessions      *Loader[uuid.UUID, []*ent.Session]
	Documents     *Loader[uuid.UUID, *ent.Document] // what the viewer sees of them
	DocumentStats *Loader[uuid.UUID, *ent.DocumentStats]
	Texts         *Loader[cache.RevisionKey, *ent.Revision]
	HTML          *Loader[document.Source, string]
	Revisions     *Loader[uuid.UUID, *ent.Revision]
	RevisionPages *Loader[page.List, page.IDs]
	SquarePages   *Loader[cache.SquareKey, page.IDs]
	SquareTotals  *Loader[cache.SquareFilter, int]
	Trending      *Loader[cache.TrendingKey, []uuid.UUID]
	Categories    *Loader[cache.Single, []*ent.Category]
	Formats       *Loader[cache.Single, []*cache.FormatCount]
	Site          *Loader[cache.Single, *cache.SiteStats]
	Searches      *Loader[cache.SearchKey, *cache.Found]
	Snippets      *Loader[cache.SnippetKey, *cache.Snippets]
	Suggestions   *Loader[cache.SuggestionKey, []cache.Suggestion]
	UserLists     *Loader[cache.UserListKey, page.IDs]
	UserTotals    *Loader[cache.UserListCount, int]
	Comments      *Loader[uuid.UUID, *ent.Comment]
	CommentPages  *Loader[page.List, page.IDs]
	ReplyPages    *Loader[page.List, page.IDs]
	ReplyTotals   *Loader[uuid.UUID, int]
	Thread        *Loader[page.List, page.IDs]
	Liked         *Loader[cache.MarkKey, bool]
	Favorited     *Loader[cache.MarkKey, bool]
	Files         *Loader[uuid.UUID, *ent.File] // whoever may see them
	FilePages     *Loader[page.List, page.IDs]
	FileTotals    *Loader[uuid.UUID, int]
	FileDocuments *Loader[uuid.UUID, []uuid.UUID]
	Editors       *Loader[uuid.UUID, *ent.EditorSession] // the viewer's own
	EditorPages   *Loader[page.List, page.IDs]
	AuditEntries  *Loader[uuid.UUID, *ent.AuditEntry] // for administrators
	EditorTotals  *Loader[uuid.UUID, int]
}

// New is a fresh set.
func (s Sources) New(v viewer.Viewer) *Set {
	return &Set{
		sources: s,

		Users:         newLoader(s, "User", s.Accounts.ByIDs),
		UserStats:     newLoader(s, "User.stats", s.Accounts.Stats),
		Usernames:     newLoader(s, "username", s.Accounts.ByNames),
		Sessions:      newLoader(s, "User.sessions", s.Accounts.Sessions),
		Documents:     newLoader(s, "Document", only(v.Sees, s.Documents.ByIDs)),
		DocumentStats: newLoader(s, "Document.stats", s.Stats.Documents),
		Texts:         newLoader(s, "Document.body", s.Documents.Texts),
		HTML:          newLoader(s, "Document.bodyHtml", s.Documents.HTML),
		Revisions:     newLoader(s, "Revision", s.Documents.RevisionsByIDs),
		RevisionPages: newLoader(s, "Document.revisions", s.Documents.Revisions),
		SquarePages:   newLoader(s, "documents", s.Square.Pages),
		SquareTotals:  newLoader(s, "documents.totalCount", s.Square.Totals),
		Trending:      newLoader(s, "trendingDocuments", s.Square.Trending),
		Categories:    newLoader(s, "categories", s.Square.Categories),
		Formats:       newLoader(s, "formats", s.Square.Formats),
		Site:          newLoader(s, "siteStats", s.Stats.Site),
		Searches:      newLoader(s, "search", s.Square.Search),
		Snippets:      newLoader(s, "search.snippets", s.Documents.Snippets),
		Suggestions:   newLoader(s, "searchSuggestions", s.Square.Suggest),
		UserLists:     newLoader(s, "User.documents", s.Square.Lists),
		UserTotals:    newLoader(s, "User.documents.totalCount", s.Square.ListTotals),
		Comments:      newLoader(s, "Comment", s.Interactions.CommentsByIDs),
		CommentPages:  newLoader(s, "Document.comments", s.Interactions.Comments),
		ReplyPages:    newLoader(s, "Comment.replies", s.Interactions.Replies),
		ReplyTotals:   newLoader(s, "Comment.replies.totalCount", s.Interactions.ReplyTotals),
		Liked:         newLoader(s, "Document.viewerHasLiked", s.Interactions.Liked),
		Thread:        newLoader(s, "commentAdded", s.Interactions.Thread),
		Favorited:     newLoader(s, "Document.viewerHasFavorited", s.Interactions.Favorited),
		Files:         newLoader(s, "File", s.Uploads.ByIDs),
		FilePages:     newLoader(s, "User.files", s.Uploads.Lists),
		FileTotals:    newLoader(s, "User.files.totalCount", s.Uploads.Totals),
		FileDocuments: newLoader(s, "File.documents", s.Uploads.Documents),
		Editors:       newLoader(s, "EditorSession", only(func(x *ent.EditorSession) bool { return v.Is(x.UserID) }, s.Editor.ByIDs)),
		EditorPages:   newLoader(s, "User.editorSessions", s.Editor.Lists),
		AuditEntries:  newLoader(s, "AuditEntry", s.Audit.ByIDs),
		EditorTotals:  newLoader(s, "User.editorSessions.totalCount", s.Editor.Totals),
	}
}

// Become makes the set anew for another viewer. Call it before anything is loaded.
func (s *Set) Become(v viewer.Viewer) { *s = *s.sources.New(v) }

// only leaves out what the viewer does not see.
func only[V any](sees func(V) bool, byIDs func(context.Context, []uuid.UUID) (map[uuid.UUID]V, error)) func(context.Context, []uuid.UUID) (map[uuid.UUID]V, error) {
	return func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]V, error) {
		found, err := byIDs(ctx, ids)
		for id, x := range found {
			if !sees(x) {
				delete(found, id)
			}
		}
		return found, err
	}
}

type key struct{}

// With puts a set where resolvers find it.
func With(ctx context.Context, s *Set) context.Context { return context.WithValue(ctx, key{}, s) }

// From is the set of the operation.
func From(ctx context.Context) *Set {
	s, _ := ctx.Value(key{}).(*Set)
	return s
}
