package kinds

import (
	"fmt"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/internal/cache"
)

// The tags without a parameter.
const (
	SquareTag     cache.Tag = "square"   // which documents are public, and the fields that lists of them are filtered and sorted by
	RankingTag    cache.Tag = "ranking"  // popularity of public documents
	SiteTag       cache.Tag = "site"     // totals of the site
	AccountsTag   cache.Tag = "accounts" // names of accounts
	VisibilityTag cache.Tag = "reach"    // which documents are visible to others than their authors
	CorpusTag     cache.Tag = "corpus"   // statistics of the words in documents; no single write changes them
)

// UserTag names a user.
func UserTag(id uuid.UUID) cache.Tag { return tag("user", id) }

// UserStatsTag names the statistics of a user.
func UserStatsTag(id uuid.UUID) cache.Tag { return tag("user-stats", id) }

// UsernameTag names a username, taken or not.
func UsernameTag(name string) cache.Tag { return cache.Tag("username:" + hashed(name)) }

// SessionTag names the session of a token.
func SessionTag(h TokenHash) cache.Tag { return cache.Tag("session:" + h.key()) }

// IdentityTag names the account that a subject of an external issuer is linked to.
func IdentityTag(issuer, subject string) cache.Tag {
	return identityTag(Subject{issuer, subject}.Hash())
}

func identityTag(hash string) cache.Tag { return cache.Tag("identity:" + hash) }

// PersistedTag names the text that is registered under a hash.
func PersistedTag(hash string) cache.Tag { return cache.Tag("persisted:" + hashed(hash)) }

// SessionsOfTag names the list of a user's sessions.
func SessionsOfTag(id uuid.UUID) cache.Tag { return tag("sessions-of", id) }

// DocumentTag names a document.
func DocumentTag(id uuid.UUID) cache.Tag { return tag("document", id) }

// DocumentStatsTag names the statistics of a document.
func DocumentStatsTag(id uuid.UUID) cache.Tag { return tag("document-stats", id) }

// RevisionTag names a revision.
func RevisionTag(id uuid.UUID) cache.Tag { return tag("revision", id) }

// CommentTag names a comment.
func CommentTag(id uuid.UUID) cache.Tag { return tag("comment", id) }

// DocumentsOfTag names the lists of documents by a user.
func DocumentsOfTag(id uuid.UUID) cache.Tag { return tag("documents-of", id) }

// CommentsOfTag names the list of comments on a document.
func CommentsOfTag(id uuid.UUID) cache.Tag { return tag("comments-of", id) }

// RepliesTag names the list of replies to a comment.
func RepliesTag(id uuid.UUID) cache.Tag { return tag("replies-of", id) }

// ThreadTag names all comments and replies on a document.
func ThreadTag(id uuid.UUID) cache.Tag { return tag("thread", id) }

// CommentRankingTag names the order of the comments on a document by likes.
func CommentRankingTag(id uuid.UUID) cache.Tag { return tag("comment-ranking", id) }

// FileTag names a file.
func FileTag(id uuid.UUID) cache.Tag { return tag("file", id) }

// FilesOfTag names the list of a user's files.
func FilesOfTag(id uuid.UUID) cache.Tag { return tag("files-of", id) }

// DocumentsOfFileTag names the documents that show a file.
func DocumentsOfFileTag(id uuid.UUID) cache.Tag { return tag("documents-of-file", id) }

// EditorSessionTag names an editor session.
func EditorSessionTag(id uuid.UUID) cache.Tag { return tag("editor-session", id) }

// EditorSessionsOfTag names the list of a user's editor sessions.
func EditorSessionsOfTag(id uuid.UUID) cache.Tag { return tag("editor-sessions-of", id) }

// LikesOfTag names the documents that a user likes.
func LikesOfTag(id uuid.UUID) cache.Tag { return tag("likes-of", id) }

// CommentLikesOfTag names the comments that a user likes.
func CommentLikesOfTag(id uuid.UUID) cache.Tag { return tag("comment-likes-of", id) }

// FavoritesOfTag names a user's favorites.
func FavoritesOfTag(id uuid.UUID) cache.Tag { return tag("favorites-of", id) }

func tag(what string, id uuid.UUID) cache.Tag { return cache.Tag(what + ":" + id.String()) }

// AllData is a write of too many rows to list, such as a seed: it invalidates the whole cache.
type AllData struct{}

// ManualTags are tags that an administrator invalidates. No data has changed.
type ManualTags []cache.Tag

// VisibilityChange is a document that has become visible or invisible to others, whose lists may contain it.
type VisibilityChange struct{}

// Touched returns the tags that a write to an entity touches. Pass the entity as it is after the write, or as it was before its
// deletion. If a field that a tag is made of has changed, pass both. Touched panics for a type without a case, so the first test that
// writes a new entity fails.
func Touched(changed any) []cache.Tag {
	switch c := changed.(type) {
	case *ent.User:
		return []cache.Tag{UserTag(c.ID), UsernameTag(c.Username), AccountsTag, SiteTag}
	case *ent.UserStats:
		return []cache.Tag{UserStatsTag(c.UserID)}
	case *ent.Credential, *ent.Outbox, *ent.HotSet, *ent.SearchEntry, *ent.Counter, *ent.Derivation, *ent.UploadPart, *ent.Blob, *ent.Garbage, *ent.AuditEntry, *ent.TextUsage, *ent.Removal, *ent.ImportedFile, *ent.IdempotencyKey, *ent.Variant:
		return nil // never cached
	case *ent.Session:
		return []cache.Tag{SessionsOfTag(c.UserID)}
	case *ent.Identity:
		return []cache.Tag{IdentityTag(c.Issuer, c.Subject)}
	case *ent.RefusedToken:
		return []cache.Tag{identityTag(c.Subject)}
	case *ent.SessionSecret:
		return []cache.Tag{SessionTag(TokenHash(c.TokenHash))}
	case *ent.Document:
		return touchedByDocument(c)
	case *ent.DocumentStats:
		return []cache.Tag{DocumentStatsTag(c.DocumentID), RankingTag, SiteTag}
	case *ent.Revision:
		return []cache.Tag{RevisionTag(c.ID), DocumentTag(c.DocumentID)}
	case *ent.Category, *ent.Tag, *ent.DocumentTag:
		return []cache.Tag{SquareTag}
	case *ent.Comment:
		return touchedByComment(c)
	case *ent.Like:
		return []cache.Tag{LikesOfTag(c.UserID)}
	case *ent.CommentLike:
		return []cache.Tag{CommentLikesOfTag(c.UserID), CommentTag(c.CommentID), CommentRankingTag(c.DocumentID)}
	case *ent.DeletedComment:
		return []cache.Tag{ThreadTag(c.DocumentID)}
	case *ent.Favorite:
		return []cache.Tag{FavoritesOfTag(c.UserID)}
	case *ent.File:
		tags := []cache.Tag{FileTag(c.ID), FilesOfTag(c.UserID)}
		if c.Status == file.StatusStored {
			tags = append(tags, SiteTag)
		}
		return tags
	case *ent.DocumentFile:
		return []cache.Tag{DocumentsOfFileTag(c.FileID)}
	case *ent.EditorSession:
		return []cache.Tag{EditorSessionTag(c.ID), EditorSessionsOfTag(c.UserID)}
	case AllData:
		return []cache.Tag{cache.Everything}
	case ManualTags:
		return c
	case VisibilityChange:
		return []cache.Tag{VisibilityTag}
	case *ent.ViewDay:
		return []cache.Tag{DocumentStatsTag(c.DocumentID), SiteTag} // popularity does not count views
	}
	panic(fmt.Sprintf("kinds: %T has no case in Touched: say which tags a write to it touches", changed))
}

func touchedByComment(c *ent.Comment) []cache.Tag {
	if c.ParentID != nil {
		return []cache.Tag{CommentTag(c.ID), ThreadTag(c.DocumentID), RepliesTag(*c.ParentID)}
	}
	return []cache.Tag{CommentTag(c.ID), ThreadTag(c.DocumentID), CommentsOfTag(c.DocumentID), RepliesTag(c.ID)}
}

// touchedByDocument invalidates the tech square only if the document is public: pass both states if that changes.
func touchedByDocument(d *ent.Document) []cache.Tag {
	tags := []cache.Tag{DocumentTag(d.ID), DocumentsOfTag(d.AuthorID)}
	if d.Visibility == document.VisibilityPublic {
		tags = append(tags, SquareTag, SiteTag)
	}
	return tags
}
