package cache

import (
	"fmt"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
)

// The tags that stand for themselves.
const (
	SquareTag  Tag = "square"  // which documents are public, and what lists them by
	RankingTag Tag = "ranking" // how public documents were received
	SiteTag    Tag = "site"    // how large the community is
	ReachTag   Tag = "reach"   // which documents can be seen by others than their authors
	CorpusTag  Tag = "corpus"  // which words documents are made of, roughly: no single write changes that
)

// KindTag names all entries of a kind.
func KindTag(kind string) Tag { return Tag("kind:" + kind) }

// UserTag names a user.
func UserTag(id uuid.UUID) Tag { return tag("user", id) }

// UserStatsTag names the statistics of a user.
func UserStatsTag(id uuid.UUID) Tag { return tag("user-stats", id) }

// UsernameTag names a username or email address, taken or free.
func UsernameTag(name string) Tag { return Tag("username:" + hashed(name)) }

// SessionTag names the session that a token opens.
func SessionTag(h TokenHash) Tag { return Tag("session:" + h.key()) }

// IdentityTag names what a subject of an outside issuer is linked to.
func IdentityTag(issuer, subject string) Tag { return Tag("identity:" + hashed(issuer+"\n"+subject)) }

// PersistedTag names the text that is registered under a hash.
func PersistedTag(hash string) Tag { return Tag("persisted:" + hashed(hash)) }

// SessionsOfTag names the list of a user's sessions.
func SessionsOfTag(id uuid.UUID) Tag { return tag("sessions-of", id) }

// DocumentTag names a document.
func DocumentTag(id uuid.UUID) Tag { return tag("document", id) }

// DocumentStatsTag names the statistics of a document.
func DocumentStatsTag(id uuid.UUID) Tag { return tag("document-stats", id) }

// RevisionTag names a revision.
func RevisionTag(id uuid.UUID) Tag { return tag("revision", id) }

// CommentTag names a comment.
func CommentTag(id uuid.UUID) Tag { return tag("comment", id) }

// DocumentsOfTag names the lists of documents by a user.
func DocumentsOfTag(id uuid.UUID) Tag { return tag("documents-of", id) }

// CommentsOfTag names the list of comments on a document.
func CommentsOfTag(id uuid.UUID) Tag { return tag("comments-of", id) }

// RepliesTag names the list of replies to a comment.
func RepliesTag(id uuid.UUID) Tag { return tag("replies-of", id) }

// ThreadTag names all comments and replies on a document.
func ThreadTag(id uuid.UUID) Tag { return tag("thread", id) }

// FileTag names a file.
func FileTag(id uuid.UUID) Tag { return tag("file", id) }

// FilesOfTag names the list of a user's files.
func FilesOfTag(id uuid.UUID) Tag { return tag("files-of", id) }

// DocumentsOfFileTag names the documents that are made of a file.
func DocumentsOfFileTag(id uuid.UUID) Tag { return tag("documents-of-file", id) }

// EditorSessionTag names an editor session.
func EditorSessionTag(id uuid.UUID) Tag { return tag("editor-session", id) }

// EditorSessionsOfTag names the list of a user's editor sessions.
func EditorSessionsOfTag(id uuid.UUID) Tag { return tag("editor-sessions-of", id) }

// LikesOfTag names the documents that a user likes.
func LikesOfTag(id uuid.UUID) Tag { return tag("likes-of", id) }

// FavoritesOfTag names a user's favorites.
func FavoritesOfTag(id uuid.UUID) Tag { return tag("favorites-of", id) }

func tag(what string, id uuid.UUID) Tag { return Tag(what + ":" + id.String()) }

// Bulk stands for more writes than anybody could name, such as a million rows of a seed: it empties the whole cache.
type Bulk struct{}

// Chosen stands for what an administrator no longer wants to be believed: it touches these tags, and changes nothing.
type Chosen []Tag

// Reach stands for a document that others can see no longer, or can see now: lists of others may hold it.
type Reach struct{}

// Touched is the tags that a write to an entity touches. Pass the entity as it is after the write, or as it was before
// its deletion; where a field that a tag is made of has changed, pass both. It panics on what is no entity, so that an
// entity without a case is found by the first test that writes it.
func Touched(changed any) []Tag {
	switch c := changed.(type) {
	case *ent.User:
		return []Tag{UserTag(c.ID), UsernameTag(c.Username), UsernameTag(c.Email), SiteTag}
	case *ent.UserStats:
		return []Tag{UserStatsTag(c.UserID)}
	case *ent.Credential, *ent.Outbox, *ent.HotSet, *ent.SearchEntry, *ent.Counter, *ent.Derivation, *ent.UploadPart, *ent.Blob, *ent.Garbage, *ent.AuditEntry:
		return nil // never cached
	case *ent.Session:
		return []Tag{SessionsOfTag(c.UserID)}
	case *ent.Identity:
		return []Tag{IdentityTag(c.Issuer, c.Subject)}
	case *ent.SessionSecret:
		return []Tag{SessionTag(TokenHash(c.TokenHash))}
	case *ent.Document:
		return touchedByDocument(c)
	case *ent.DocumentStats:
		return []Tag{DocumentStatsTag(c.DocumentID), RankingTag, SiteTag}
	case *ent.Revision:
		return []Tag{RevisionTag(c.ID), DocumentTag(c.DocumentID)}
	case *ent.Category, *ent.Tag, *ent.DocumentTag:
		return []Tag{SquareTag}
	case *ent.Comment:
		return touchedByComment(c)
	case *ent.Like:
		return []Tag{LikesOfTag(c.UserID)}
	case *ent.Favorite:
		return []Tag{FavoritesOfTag(c.UserID)}
	case *ent.File:
		tags := []Tag{FileTag(c.ID), FilesOfTag(c.UserID)}
		if c.Status == file.StatusStored {
			tags = append(tags, SiteTag)
		}
		return tags
	case *ent.EditorSession:
		return []Tag{EditorSessionTag(c.ID), EditorSessionsOfTag(c.UserID)}
	case Bulk:
		return []Tag{Everything}
	case Chosen:
		return c
	case Reach:
		return []Tag{ReachTag}
	case *ent.ViewDay:
		return []Tag{DocumentStatsTag(c.DocumentID), SiteTag} // popularity does not count views
	}
	panic(fmt.Sprintf("cache: %T has no case in Touched: say which tags a write to it touches", changed))
}

func touchedByComment(c *ent.Comment) []Tag {
	if c.ParentID != nil {
		return []Tag{CommentTag(c.ID), ThreadTag(c.DocumentID), RepliesTag(*c.ParentID)}
	}
	return []Tag{CommentTag(c.ID), ThreadTag(c.DocumentID), CommentsOfTag(c.DocumentID), RepliesTag(c.ID)}
}

// touchedByDocument leaves the tech square alone while the document is not in it: pass both states where that changes.
func touchedByDocument(d *ent.Document) []Tag {
	tags := []Tag{DocumentTag(d.ID), DocumentsOfTag(d.AuthorID)}
	if d.Visibility == document.VisibilityPublic {
		tags = append(tags, SquareTag, SiteTag)
	}
	if d.FileID != nil {
		tags = append(tags, DocumentsOfFileTag(*d.FileID))
	}
	return tags
}
