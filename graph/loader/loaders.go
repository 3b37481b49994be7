package loader

import (
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/markdown"
	"docsquare/internal/page"
	"docsquare/internal/viewer"
)

type kinds = *cache.Cache

// The loaders, one line each: name, service method, kind of the cache.
var (
	Users         = define("User", func(s *Sources) fetch[uuid.UUID, *ent.User] { return s.Accounts.ByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.User] { return c.Users })
	UserStats     = define("User.stats", func(s *Sources) fetch[uuid.UUID, *ent.UserStats] { return s.Accounts.Stats }, func(c kinds) *cache.Kind[uuid.UUID, *ent.UserStats] { return c.UserStats })
	Usernames     = define("username", func(s *Sources) fetch[string, uuid.UUID] { return s.Accounts.ByNames }, func(c kinds) *cache.Kind[string, uuid.UUID] { return c.Usernames })
	Sessions      = define("User.sessions", func(s *Sources) fetch[uuid.UUID, []*ent.Session] { return s.Accounts.Sessions }, func(c kinds) *cache.Kind[uuid.UUID, []*ent.Session] { return c.SessionsOf })
	Documents     = define("Document", func(s *Sources) fetch[uuid.UUID, *ent.Document] { return s.Documents.ByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.Document] { return c.Documents }).seenBy(viewer.Rules.Sees)
	DocumentStats = define("Document.stats", func(s *Sources) fetch[uuid.UUID, *ent.DocumentStats] { return s.Stats.Documents }, func(c kinds) *cache.Kind[uuid.UUID, *ent.DocumentStats] { return c.DocumentStats })
	Texts         = define("Document.body", func(s *Sources) fetch[cache.RevisionKey, *ent.Revision] { return s.Documents.Texts }, func(c kinds) *cache.Kind[cache.RevisionKey, *ent.Revision] { return c.Texts })
	HTML          = define("Document.bodyHtml", func(s *Sources) fetch[cache.RenderingKey, *markdown.Document] { return s.Documents.Renderings }, func(c kinds) *cache.Kind[cache.RenderingKey, *markdown.Document] { return c.HTML })
	Revisions     = define("Revision", func(s *Sources) fetch[uuid.UUID, *ent.Revision] { return s.Documents.RevisionsByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.Revision] { return c.Revisions })
	RevisionPages = define("Document.revisions", func(s *Sources) fetch[page.List, page.IDs] { return s.Documents.Revisions }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.RevisionsOf })
	SquarePages   = define("documents", func(s *Sources) fetch[cache.SquareKey, page.IDs] { return s.Square.Pages }, func(c kinds) *cache.Kind[cache.SquareKey, page.IDs] { return c.Square })
	SquareTotals  = define("documents.totalCount", func(s *Sources) fetch[cache.SquareFilter, int] { return s.Square.Totals }, func(c kinds) *cache.Kind[cache.SquareFilter, int] { return c.SquareTotal })
	Trending      = define("trendingDocuments", func(s *Sources) fetch[cache.TrendingKey, []uuid.UUID] { return s.Square.Trending }, func(c kinds) *cache.Kind[cache.TrendingKey, []uuid.UUID] { return c.Trending })
	Categories    = define("categories", func(s *Sources) fetch[cache.Single, []*ent.Category] { return s.Square.Categories }, func(c kinds) *cache.Kind[cache.Single, []*ent.Category] { return c.Categories })
	Formats       = define("formats", func(s *Sources) fetch[cache.Single, []*cache.FormatCount] { return s.Square.Formats }, func(c kinds) *cache.Kind[cache.Single, []*cache.FormatCount] { return c.Formats })
	Site          = define("siteStats", func(s *Sources) fetch[cache.Single, *cache.SiteStats] { return s.Stats.Site }, func(c kinds) *cache.Kind[cache.Single, *cache.SiteStats] { return c.Site })
	Searches      = define("search", func(s *Sources) fetch[cache.SearchKey, *cache.Found] { return s.Square.Search }, func(c kinds) *cache.Kind[cache.SearchKey, *cache.Found] { return c.Searches })
	Snippets      = define("search.snippets", func(s *Sources) fetch[cache.SnippetKey, *cache.Snippets] { return s.Documents.Snippets }, func(c kinds) *cache.Kind[cache.SnippetKey, *cache.Snippets] { return c.Snippets })
	Suggestions   = define("searchSuggestions", func(s *Sources) fetch[cache.SuggestionKey, []cache.Suggestion] { return s.Square.Suggest }, func(c kinds) *cache.Kind[cache.SuggestionKey, []cache.Suggestion] { return c.Suggestions })
	UserLists     = define("User.documents", func(s *Sources) fetch[cache.UserListKey, page.IDs] { return s.Square.Lists }, func(c kinds) *cache.Kind[cache.UserListKey, page.IDs] { return c.DocumentsOf })
	UserTotals    = define("User.documents.totalCount", func(s *Sources) fetch[cache.UserListCount, int] { return s.Square.ListTotals }, func(c kinds) *cache.Kind[cache.UserListCount, int] { return c.ListTotals })
	Comments      = define("Comment", func(s *Sources) fetch[uuid.UUID, *ent.Comment] { return s.Interactions.CommentsByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.Comment] { return c.Comments })
	CommentPages  = define("Document.comments", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Comments }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.CommentsOf })
	ReplyPages    = define("Comment.replies", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Replies }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.Replies })
	ReplyTotals   = define("Comment.replies.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Interactions.ReplyTotals }, func(c kinds) *cache.Kind[uuid.UUID, int] { return c.ReplyTotals })
	Thread        = define("commentAdded", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Thread }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.Thread })
	Likes         = define("viewer.likes", func(s *Sources) fetch[uuid.UUID, *cache.MarkSet] { return s.Interactions.Likes }, func(c kinds) *cache.Kind[uuid.UUID, *cache.MarkSet] { return c.Likes })
	Favorites     = define("viewer.favorites", func(s *Sources) fetch[uuid.UUID, *cache.MarkSet] { return s.Interactions.Favorites }, func(c kinds) *cache.Kind[uuid.UUID, *cache.MarkSet] { return c.Favorites })
	Liked         = define("Document.viewerHasLiked", func(s *Sources) fetch[cache.MarkKey, bool] { return s.Interactions.Liked }, func(c kinds) *cache.Kind[cache.MarkKey, bool] { return c.Liked })
	Favorited     = define("Document.viewerHasFavorited", func(s *Sources) fetch[cache.MarkKey, bool] { return s.Interactions.Favorited }, func(c kinds) *cache.Kind[cache.MarkKey, bool] { return c.Favorited })
	Files         = define("File", func(s *Sources) fetch[uuid.UUID, *ent.File] { return s.Uploads.ByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.File] { return c.Files })
	FilePages     = define("User.files", func(s *Sources) fetch[page.List, page.IDs] { return s.Uploads.Lists }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.FilesOf })
	FileTotals    = define("User.files.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Uploads.Totals }, func(c kinds) *cache.Kind[uuid.UUID, int] { return c.FileTotals })
	FileDocuments = define("File.documents", func(s *Sources) fetch[uuid.UUID, []uuid.UUID] { return s.Uploads.Documents }, func(c kinds) *cache.Kind[uuid.UUID, []uuid.UUID] { return c.DocumentsOfFile })
	Editors       = define("EditorSession", func(s *Sources) fetch[uuid.UUID, *ent.EditorSession] { return s.Editor.ByIDs }, func(c kinds) *cache.Kind[uuid.UUID, *ent.EditorSession] { return c.EditorSessions }).seenBy(ownEditor)
	EditorPages   = define("User.editorSessions", func(s *Sources) fetch[page.List, page.IDs] { return s.Editor.Lists }, func(c kinds) *cache.Kind[page.List, page.IDs] { return c.EditorSessionsOf })
	EditorTotals  = define("User.editorSessions.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Editor.Totals }, func(c kinds) *cache.Kind[uuid.UUID, int] { return c.EditorSessionTotals })
	AuditEntries  = define[uuid.UUID, *ent.AuditEntry]("AuditEntry", func(s *Sources) fetch[uuid.UUID, *ent.AuditEntry] { return s.Audit.ByIDs }, nil)
)

// ownEditor reports whether a viewer may see an editor session: only the account that has opened it.
func ownEditor(r viewer.Rules, x *ent.EditorSession) bool { return r.Is(x.UserID) }
