package loader

import (
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/textdiff"
	"docsquare/internal/viewer"
)

type all = *kinds.Cache

// The loaders, one line each: name, service method, kind of the cache.
var (
	Users         = define("User", func(s *Sources) fetch[uuid.UUID, *ent.User] { return s.Accounts.ByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.User] { return c.Users })
	UserStats     = define("User.stats", func(s *Sources) fetch[uuid.UUID, *ent.UserStats] { return s.Accounts.Stats }, func(c all) *cache.Kind[uuid.UUID, *ent.UserStats] { return c.UserStats })
	Usernames     = define("username", func(s *Sources) fetch[string, uuid.UUID] { return s.Accounts.ByUsernames }, func(c all) *cache.Kind[string, uuid.UUID] { return c.Usernames })
	UserPages     = define[kinds.UsersPage, page.IDs]("users", func(s *Sources) fetch[kinds.UsersPage, page.IDs] { return s.Accounts.ByNames }, nil)
	Sessions      = define("User.sessions", func(s *Sources) fetch[uuid.UUID, []*ent.Session] { return s.Accounts.Sessions }, func(c all) *cache.Kind[uuid.UUID, []*ent.Session] { return c.SessionsOf })
	Documents     = seenBy(define("Document", func(s *Sources) fetch[uuid.UUID, *ent.Document] { return s.Documents.ByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.Document] { return c.Documents }), viewer.Rules.Sees)
	DocumentStats = define("Document.stats", func(s *Sources) fetch[uuid.UUID, *ent.DocumentStats] { return s.Square.DocumentStats }, func(c all) *cache.Kind[uuid.UUID, *ent.DocumentStats] { return c.DocumentStats })
	Texts         = define("Document.body", func(s *Sources) fetch[kinds.RevisionKey, *ent.Revision] { return s.Documents.Texts }, func(c all) *cache.Kind[kinds.RevisionKey, *ent.Revision] { return c.Texts })
	HTML          = define("Document.bodyHtml", func(s *Sources) fetch[kinds.RenderingKey, *markdown.Document] { return s.Documents.Renderings }, func(c all) *cache.Kind[kinds.RenderingKey, *markdown.Document] { return c.HTML })
	CommentHTML   = define("Comment.bodyHtml", func(s *Sources) fetch[uuid.UUID, *markdown.Document] { return s.Documents.CommentRenderings }, func(c all) *cache.Kind[uuid.UUID, *markdown.Document] { return c.CommentHTML })
	Diffs         = define("Document.diff", func(s *Sources) fetch[kinds.DiffKey, *textdiff.Diff] { return s.Documents.Diffs }, func(c all) *cache.Kind[kinds.DiffKey, *textdiff.Diff] { return c.Diffs })
	Previews      = define("EditorSession.contentHtml", func(s *Sources) fetch[kinds.PreviewKey, *markdown.Document] { return s.Documents.Previews }, func(c all) *cache.Kind[kinds.PreviewKey, *markdown.Document] { return c.Previews })
	Revisions     = define("Revision", func(s *Sources) fetch[uuid.UUID, *ent.Revision] { return s.Documents.RevisionsByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.Revision] { return c.Revisions })
	RevisionPages = define("Document.revisions", func(s *Sources) fetch[page.List, page.IDs] { return s.Documents.Revisions }, func(c all) *cache.Kind[page.List, page.IDs] { return c.RevisionsOf })
	SquarePages   = define("documents", func(s *Sources) fetch[kinds.SquareKey, page.IDs] { return s.Square.Pages }, func(c all) *cache.Kind[kinds.SquareKey, page.IDs] { return c.Square })
	SquareTotals  = define("documents.totalCount", func(s *Sources) fetch[kinds.SquareFilter, int] { return s.Square.Totals }, func(c all) *cache.Kind[kinds.SquareFilter, int] { return c.SquareTotal })
	Trending      = define("trendingDocuments", func(s *Sources) fetch[kinds.TrendingKey, []uuid.UUID] { return s.Square.Trending }, func(c all) *cache.Kind[kinds.TrendingKey, []uuid.UUID] { return c.Trending })
	TrendingPages = define[kinds.TrendingPage, page.IDs]("trending", func(s *Sources) fetch[kinds.TrendingPage, page.IDs] { return s.Square.TrendingPages }, nil)
	Related       = define("Document.relatedDocuments", func(s *Sources) fetch[uuid.UUID, []uuid.UUID] { return s.Square.Related }, func(c all) *cache.Kind[uuid.UUID, []uuid.UUID] { return c.Related })
	Tags          = define("tags", func(s *Sources) fetch[kinds.TagsKey, []*ent.Tag] { return s.Square.Tags }, func(c all) *cache.Kind[kinds.TagsKey, []*ent.Tag] { return c.Tags })
	Categories    = define("categories", func(s *Sources) fetch[kinds.Single, []*ent.Category] { return s.Square.Categories }, func(c all) *cache.Kind[kinds.Single, []*ent.Category] { return c.Categories })
	Formats       = define("formats", func(s *Sources) fetch[kinds.Single, []*kinds.FormatCount] { return s.Square.Formats }, func(c all) *cache.Kind[kinds.Single, []*kinds.FormatCount] { return c.Formats })
	Site          = define("siteStats", func(s *Sources) fetch[kinds.Single, *kinds.SiteStats] { return s.Square.SiteStats }, func(c all) *cache.Kind[kinds.Single, *kinds.SiteStats] { return c.Site })
	Searches      = define("search", func(s *Sources) fetch[kinds.SearchKey, *kinds.Found] { return s.Square.Search }, func(c all) *cache.Kind[kinds.SearchKey, *kinds.Found] { return c.Searches })
	Snippets      = define("search.snippets", func(s *Sources) fetch[kinds.SnippetKey, *kinds.Snippets] { return s.Documents.Snippets }, func(c all) *cache.Kind[kinds.SnippetKey, *kinds.Snippets] { return c.Snippets })
	Suggestions   = define("searchSuggestions", func(s *Sources) fetch[kinds.SuggestionKey, []kinds.Suggestion] { return s.Square.Suggest }, func(c all) *cache.Kind[kinds.SuggestionKey, []kinds.Suggestion] { return c.Suggestions })
	Corrections   = define("search.didYouMean", func(s *Sources) fetch[string, string] { return s.Square.Corrections }, func(c all) *cache.Kind[string, string] { return c.Corrections })
	UserLists     = define("User.documents", func(s *Sources) fetch[kinds.UserListKey, page.IDs] { return s.Square.Lists }, func(c all) *cache.Kind[kinds.UserListKey, page.IDs] { return c.DocumentsOf })
	UserTotals    = define("User.documents.totalCount", func(s *Sources) fetch[kinds.UserListCount, int] { return s.Square.ListTotals }, func(c all) *cache.Kind[kinds.UserListCount, int] { return c.ListTotals })
	Comments      = define("Comment", func(s *Sources) fetch[uuid.UUID, *ent.Comment] { return s.Interactions.CommentsByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.Comment] { return c.Comments })
	CommentPages  = define("Document.comments", func(s *Sources) fetch[kinds.CommentsKey, page.IDs] { return s.Interactions.Comments }, func(c all) *cache.Kind[kinds.CommentsKey, page.IDs] { return c.CommentsOf })
	ReplyPages    = define("Comment.replies", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Replies }, func(c all) *cache.Kind[page.List, page.IDs] { return c.Replies })
	ReplyTotals   = define("Comment.replies.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Interactions.ReplyTotals }, func(c all) *cache.Kind[uuid.UUID, int] { return c.ReplyTotals })
	Thread        = define("commentAdded", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Thread }, func(c all) *cache.Kind[page.List, page.IDs] { return c.Thread })
	Edits         = define("commentUpdated", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Edits }, func(c all) *cache.Kind[page.List, page.IDs] { return c.Edits })
	Deletions     = define("commentDeleted", func(s *Sources) fetch[page.List, page.IDs] { return s.Interactions.Deletions }, func(c all) *cache.Kind[page.List, page.IDs] { return c.Deletions })
	Likes         = define("viewer.likes", func(s *Sources) fetch[uuid.UUID, *kinds.MarkSet] { return s.Interactions.Likes }, func(c all) *cache.Kind[uuid.UUID, *kinds.MarkSet] { return c.Likes })
	Favorites     = define("viewer.favorites", func(s *Sources) fetch[uuid.UUID, *kinds.MarkSet] { return s.Interactions.Favorites }, func(c all) *cache.Kind[uuid.UUID, *kinds.MarkSet] { return c.Favorites })
	Liked         = define("Document.viewerHasLiked", func(s *Sources) fetch[kinds.MarkKey, bool] { return s.Interactions.Liked }, func(c all) *cache.Kind[kinds.MarkKey, bool] { return c.Liked })
	Favorited     = define("Document.viewerHasFavorited", func(s *Sources) fetch[kinds.MarkKey, bool] { return s.Interactions.Favorited }, func(c all) *cache.Kind[kinds.MarkKey, bool] { return c.Favorited })
	CommentLikes  = define("viewer.commentLikes", func(s *Sources) fetch[uuid.UUID, *kinds.MarkSet] { return s.Interactions.CommentLikes }, func(c all) *cache.Kind[uuid.UUID, *kinds.MarkSet] { return c.CommentLikes })
	CommentLiked  = define("Comment.viewerHasLiked", func(s *Sources) fetch[kinds.MarkKey, bool] { return s.Interactions.CommentLiked }, func(c all) *cache.Kind[kinds.MarkKey, bool] { return c.CommentLiked })
	Files         = define("File", func(s *Sources) fetch[uuid.UUID, *ent.File] { return s.Uploads.ByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.File] { return c.Files })
	FilePages     = define("User.files", func(s *Sources) fetch[page.List, page.IDs] { return s.Uploads.Lists }, func(c all) *cache.Kind[page.List, page.IDs] { return c.FilesOf })
	FileTotals    = define("User.files.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Uploads.Totals }, func(c all) *cache.Kind[uuid.UUID, int] { return c.FileTotals })
	FileDocuments = define("File.documents", func(s *Sources) fetch[uuid.UUID, []uuid.UUID] { return s.Uploads.Documents }, func(c all) *cache.Kind[uuid.UUID, []uuid.UUID] { return c.DocumentsOfFile })
	Editors       = seenBy(define("EditorSession", func(s *Sources) fetch[uuid.UUID, *ent.EditorSession] { return s.Editor.ByIDs }, func(c all) *cache.Kind[uuid.UUID, *ent.EditorSession] { return c.EditorSessions }), ownEditor)
	EditorPages   = define("User.editorSessions", func(s *Sources) fetch[page.List, page.IDs] { return s.Editor.Lists }, func(c all) *cache.Kind[page.List, page.IDs] { return c.EditorSessionsOf })
	EditorTotals  = define("User.editorSessions.totalCount", func(s *Sources) fetch[uuid.UUID, int] { return s.Editor.Totals }, func(c all) *cache.Kind[uuid.UUID, int] { return c.EditorSessionTotals })
	AuditEntries  = define[uuid.UUID, *ent.AuditEntry]("AuditEntry", func(s *Sources) fetch[uuid.UUID, *ent.AuditEntry] { return s.Audit.ByIDs }, nil)
)

// ownEditor reports whether a viewer may see an editor session: only the account that has opened it.
func ownEditor(r viewer.Rules, x *ent.EditorSession) bool { return r.Is(x.UserID) }
