package graph

import (
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/relay"
	"docsquare/internal/account"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/interaction"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/text/markdown"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Every edge of the graph, declared once: the field, the loader, the key of the parent, and who may see it. An edge from
// uuid.UUID needs only the identifier of its parent.
var (
	queryNode  = nodeEdges{}
	queryUser  = userByName{}
	queryUsers = toPage[root, kinds.UsersPage, kinds.UsersPage]{
		field: "Query.users", pages: loader.UserPages, args: usersPage, order: func(kinds.UsersPage) string { return account.NamesOrder },
		key: whichPage[kinds.UsersPage], total: inPage[root, kinds.UsersPage]{},
	}
	queryTrending      = trending{}
	queryTrendingPages = toPage[root, kinds.TrendingPage, kinds.TrendingPage]{
		field: "Query.trending", pages: loader.TrendingPages, args: trendingPage, order: func(k kinds.TrendingPage) string { return square.TrendingOrder(k.Window) },
		key: whichPage[kinds.TrendingPage], total: inPage[root, kinds.TrendingPage]{},
	}
	queryTags    = toList[kinds.TagsKey, ent.Tag]{field: "Query.tags", lists: loader.Tags, key: tagsKey}
	querySearch  = searching{}
	querySuggest = suggesting{}
	searchMeant  = toValue[*relay.SearchConnection, string, string, *string]{
		field: "DocumentSearchConnection.didYouMean", values: loader.Corrections,
		key:    func(_ asked, c *relay.SearchConnection) (string, bool) { return c.Query, c.TotalCount < square.FewHits },
		result: func(_ asked, _ *relay.SearchConnection, corrected string, _ bool) *string { return nonEmpty(corrected) },
		set:    setText,
	}
	queryViewer = toObject[root, *ent.User]{field: "Query.viewer", objects: loader.Users, id: func(a asked, _ root) (uuid.UUID, bool, error) {
		return a.Viewer().UserID, !a.Viewer().Guest(), nil
	}}
	queryDocument = toObject[root, *ent.Document]{field: "Query.document", objects: loader.Documents, id: func(a asked, _ root) (uuid.UUID, bool, error) {
		id, err := arg[nodeid.ID](a, "id").Of(nodeid.Document, "id")
		return id, err == nil, err
	}}
	queryDocuments = toPage[root, kinds.SquareKey, kinds.SquareKey]{
		field: "Query.documents", pages: loader.SquarePages, args: squareKey,
		order: func(k kinds.SquareKey) string { return square.OrderName(k.Order) },
		key:   whichPage[kinds.SquareKey],
		total: squareTotal{counted[root, kinds.SquareKey, kinds.SquareFilter, int]{loader.SquareTotals, func(_ root, k kinds.SquareKey) kinds.SquareFilter { return k.Filter }, whole}},
	}
	queryCategories = parts("Query.categories", loader.Categories, single)
	queryFormats    = parts("Query.formats", loader.Formats, single)
	querySite       = part("Query.siteStats", loader.Site, single)

	userAvatar    = one("User.avatar", loader.Files, func(u *ent.User) (uuid.UUID, bool) { return given(u.AvatarID) })
	userStats     = part("User.stats", loader.UserStats, itself)
	userSessions  = parts("User.sessions", loader.Sessions, func(a asked, user uuid.UUID) (uuid.UUID, bool) { return user, a.Rules().Is(user) })
	userDocuments = userList("User.documents", kinds.PublicDocuments)
	userFavorites = userList("User.favorites", kinds.Favorites)
	userLikes     = userList("User.likes", kinds.Likes)
	userDrafts    = userList("User.drafts", kinds.Drafts)
	userFiles     = listOf("User.files", loader.FilePages, upload.Order, ownList, count(loader.FileTotals, listOwner))
	userEditors   = listOf("User.editorSessions", loader.EditorPages, editor.Order, ownList, count(loader.EditorTotals, listOwner))

	documentAuthor    = one("Document.author", loader.Users, func(d *ent.Document) (uuid.UUID, bool) { return d.AuthorID, true })
	documentStats     = part("Document.stats", loader.DocumentStats, itself)
	documentBody      = leaf("Document.body", loader.Texts, func(_ asked, d *ent.Document) (kinds.RevisionKey, bool) { return textKey(d), true }, func(r *ent.Revision) string { return r.Body })
	documentHTML      = placed("Document.bodyHtml", loader.HTML, renderingKey)
	documentText      = leaf("Document.plainText", loader.HTML, renderingKey, func(d *markdown.Document) string { return d.Text })
	documentTime      = leaf("Document.readingTime", loader.HTML, renderingKey, func(d *markdown.Document) int { return d.Minutes })
	documentContents  = list("Document.tableOfContents", loader.HTML, renderingKey, func(d *markdown.Document) []markdown.Heading { return d.Contents })
	documentFile      = one("Document.file", loader.Files, func(d *ent.Document) (uuid.UUID, bool) { return given(d.FileID) })
	documentCover     = one("Document.cover", loader.Files, func(d *ent.Document) (uuid.UUID, bool) { return given(d.CoverID) })
	documentAttached  = toObjects[*ent.Document, *ent.File]{"Document.attachments", loader.Files, func(d *ent.Document) []uuid.UUID { return d.AttachmentIds }}
	documentLiked     = toMark{"Document.viewerHasLiked", loader.Likes, loader.Liked}
	documentFavorited = toMark{"Document.viewerHasFavorited", loader.Favorites, loader.Favorited}
	documentRelated   = related{}
	documentComments  = toPage[uuid.UUID, kinds.CommentsKey, kinds.CommentsKey]{
		field: "Document.comments", pages: loader.CommentPages, args: commentsKey,
		order: func(k kinds.CommentsKey) string { return interaction.OrderName(k.Order) },
		key: func(_ viewer.Rules, id uuid.UUID, k kinds.CommentsKey) (kinds.CommentsKey, bool) {
			k.Of = id
			return k, true
		},
		total: counted[uuid.UUID, kinds.CommentsKey, uuid.UUID, *ent.DocumentStats]{
			loader.DocumentStats, func(id uuid.UUID, _ kinds.CommentsKey) uuid.UUID { return id }, func(s *ent.DocumentStats) int { return s.TopComments },
		},
	}
	documentNumbered = part("Document.revisionByNumber", loader.Texts, func(a asked, d *ent.Document) (kinds.RevisionKey, bool) {
		n := arg[int](a, "number")
		return kinds.RevisionKey{Document: d.ID, Number: n}, keeps(a, d, n)
	})
	documentDiff = part("Document.diff", loader.Diffs, func(a asked, d *ent.Document) (kinds.DiffKey, bool) {
		from, to := arg[int](a, "from"), arg[int](a, "to")
		return kinds.DiffKey{Document: d.ID, From: from, To: to}, keeps(a, d, from) && keeps(a, d, to)
	})
	documentRevisions = listOf("Document.revisions", loader.RevisionPages, document.RevisionOrder,
		func(r viewer.Rules, d *ent.Document) (uuid.UUID, bool) { return d.ID, r.Edits(d) },
		known[*ent.Document, page.List](func(d *ent.Document) int { return d.Revision }))

	commentAuthor    = one("Comment.author", loader.Users, func(c *ent.Comment) (uuid.UUID, bool) { return c.AuthorID, true })
	commentDocument  = one("Comment.document", loader.Documents, func(c *ent.Comment) (uuid.UUID, bool) { return c.DocumentID, true })
	commentParent    = one("Comment.parent", loader.Comments, func(c *ent.Comment) (uuid.UUID, bool) { return given(c.ParentID) })
	commentHTML      = placed("Comment.bodyHtml", loader.CommentHTML, func(_ asked, c *ent.Comment) (uuid.UUID, bool) { return c.ID, true })
	commentReplies   = replies()
	commentLiked     = toMark{"Comment.viewerHasLiked", loader.CommentLikes, loader.CommentLiked}
	commentDeletable = flag("Comment.viewerCanDelete", loader.Documents, func(_ asked, c *ent.Comment) (uuid.UUID, bool) { return c.DocumentID, true },
		func(a asked, c *ent.Comment, d *ent.Document, ok bool) bool { return ok && a.Rules().Deletes(c, d) })

	editorDocument = one("EditorSession.document", loader.Documents, func(x *ent.EditorSession) (uuid.UUID, bool) { return given(x.DocumentID) })
	editorHTML     = placed("EditorSession.contentHtml", loader.Previews, func(_ asked, x *ent.EditorSession) (kinds.PreviewKey, bool) {
		return kinds.PreviewKey{Session: x.ID, Document: orZero(x.DocumentID)}, true
	})
	auditActor = one("AuditEntry.actor", loader.Users, func(e *ent.AuditEntry) (uuid.UUID, bool) { return given(e.ActorID) })

	userEntries     = entries[*ent.User]{"UserConnection", "UserEdge", loader.Users}
	documentEntries = entries[*ent.Document]{"DocumentConnection", "DocumentEdge", loader.Documents}
	revisionEntries = entries[*ent.Revision]{"RevisionConnection", "RevisionEdge", loader.Revisions}
	commentEntries  = entries[*ent.Comment]{"CommentConnection", "CommentEdge", loader.Comments}
	fileEntries     = entries[*ent.File]{"FileConnection", "FileEdge", loader.Files}
	editorEntries   = entries[*ent.EditorSession]{"EditorSessionConnection", "EditorSessionEdge", loader.Editors}
	auditEntryList  = entries[*ent.AuditEntry]{"AuditConnection", "AuditEdge", loader.AuditEntries}

	sessionUser         = written("SessionPayload.user", "user", loader.Users, func(p *model.SessionPayload) uuid.UUID { return p.UserID })
	revokedUser         = written("RevokeSessionPayload.user", "user", loader.Users, func(p *model.RevokeSessionPayload) uuid.UUID { return p.UserID })
	changedUser         = written("ChangePasswordPayload.user", "user", loader.Users, func(p *model.ChangePasswordPayload) uuid.UUID { return p.UserID })
	profileUser         = written("UpdateProfilePayload.user", "user", loader.Users, func(p *model.UpdateProfilePayload) uuid.UUID { return p.UserID })
	roleUser            = written("SetUserRolePayload.user", "user", loader.Users, func(p *model.SetUserRolePayload) uuid.UUID { return p.UserID })
	writtenDocument     = written("DocumentPayload.document", "document", loader.Documents, func(p *model.DocumentPayload) uuid.UUID { return p.DocumentID })
	interactedDocument  = written("InteractionPayload.document", "document", loader.Documents, func(p *model.InteractionPayload) uuid.UUID { return p.DocumentID })
	writtenComment      = written("CommentPayload.comment", "comment", loader.Comments, func(p *model.CommentPayload) uuid.UUID { return p.CommentID })
	commentedDocument   = written("CommentPayload.document", "document", loader.Documents, func(p *model.CommentPayload) uuid.UUID { return p.DocumentID })
	uncommentedDocument = written("DeleteCommentPayload.document", "document", loader.Documents, func(p *model.DeleteCommentPayload) uuid.UUID { return p.DocumentID })
	deletedCommentOn    = written("DeletedComment.document", "document", loader.Documents, func(c *ent.DeletedComment) uuid.UUID { return c.DocumentID })
	committedDocument   = written("CommitEditorSessionPayload.document", "document", loader.Documents, func(p *model.CommitEditorSessionPayload) uuid.UUID { return p.DocumentID })
)

// edges returns all edges for the executor.
func edges() exec.Edges {
	all := exec.Edges{}
	for _, e := range []declared{
		queryNode, queryUser, queryUsers, queryTrending, queryTrendingPages, queryTags, querySearch, querySuggest, searchMeant, queryViewer, queryDocument, queryDocuments, queryCategories, queryFormats, querySite,
		userAvatar, userStats, userSessions, userDocuments, userFavorites, userLikes, userDrafts, userFiles, userEditors,
		documentAuthor, documentStats, documentBody, documentHTML, documentContents, documentTime, documentText,
		documentFile, documentCover, documentAttached, documentRelated, documentLiked, documentFavorited, documentComments, documentRevisions, documentNumbered, documentDiff,
		commentAuthor, commentDocument, commentParent, commentHTML, commentReplies, commentLiked, commentDeletable, editorDocument, editorHTML, auditActor,
		userEntries, documentEntries, revisionEntries, commentEntries, fileEntries, editorEntries, auditEntryList,
		sessionUser, revokedUser, changedUser, profileUser, roleUser,
		writtenDocument, interactedDocument, writtenComment, commentedDocument, uncommentedDocument, deletedCommentOn, committedDocument,
	} {
		e.declare(all)
	}
	return all
}

// userList declares a list of documents of an account. Lists other than its public documents are its own alone; among its
// documents it sees all of them.
func userList(field string, kind kinds.UserList) toPage[uuid.UUID, page.Args, kinds.UserListKey] {
	args, order := inOrder(square.ListOrder(kind))
	key := func(r viewer.Rules, user uuid.UUID, a page.Args) (kinds.UserListKey, bool) {
		list, own := kind, r.Is(user)
		if own && kind == kinds.PublicDocuments {
			list = kinds.OwnDocuments
		}
		return kinds.UserListKey{UserListCount: kinds.UserListCount{List: list, User: user}, Args: a}, own || kind == kinds.PublicDocuments
	}
	total := count(loader.UserTotals, func(_ uuid.UUID, k kinds.UserListKey) kinds.UserListCount { return k.UserListCount })
	return toPage[uuid.UUID, page.Args, kinds.UserListKey]{field: field, pages: loader.UserLists, args: args, order: order, key: key, total: total}
}

// replies declares the replies to a comment. A reply has none.
func replies() toPage[*ent.Comment, page.Args, page.List] {
	e := listOf("Comment.replies", loader.ReplyPages, interaction.OldestFirst,
		func(_ viewer.Rules, c *ent.Comment) (uuid.UUID, bool) { return c.ID, c.ParentID == nil },
		count(loader.ReplyTotals, func(c *ent.Comment, _ page.List) uuid.UUID { return c.ID }))
	e.empty = true
	return e
}

func single(asked, root) (kinds.Single, bool) { return kinds.Single{}, true }

// whichPage is the key of a page that the arguments alone name.
func whichPage[K comparable](_ viewer.Rules, _ root, k K) (K, bool) { return k, true }

func whole(n int) int { return n }

func ownList(r viewer.Rules, user uuid.UUID) (uuid.UUID, bool) { return user, r.Is(user) }

func listOwner(user uuid.UUID, _ page.List) uuid.UUID { return user }

func renderingKey(_ asked, d *ent.Document) (kinds.RenderingKey, bool) {
	return kinds.RenderingKey{Text: textKey(d), Format: d.Format}, true
}

// keeps reports whether the viewer may see the revisions of a document, and the number is that of one.
func keeps(a asked, d *ent.Document, number int) bool {
	return a.Rules().Edits(d) && 1 <= number && number <= d.Revision
}

func textKey(d *ent.Document) kinds.RevisionKey {
	return kinds.RevisionKey{Document: d.ID, Number: d.Revision}
}
