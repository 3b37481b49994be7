// Package kinds declares what the cache keeps: every kind of entry, its key and TTL, and the tags that a write to an entity
// touches. It knows the entities but not their rules: visibility is applied after the cache.
package kinds

import (
	"encoding/base64"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/cache"
	"docsquare/internal/cache/ops"
	"docsquare/internal/page"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/text/textdiff"
)

// Cache is the cache with all its kinds. Each kind is one row of New.
type Cache struct {
	*cache.Engine
	*ops.Monitor

	Users      *cache.Kind[uuid.UUID, *ent.User]
	UserStats  *cache.Kind[uuid.UUID, *ent.UserStats]
	Usernames  *cache.Kind[string, uuid.UUID]
	UsersNamed *cache.Kind[string, []page.Entry] // accounts by the beginning of their names
	Sessions   *cache.Kind[TokenHash, *ent.Session]

	SessionsOf *cache.Kind[uuid.UUID, []*ent.Session]
	Identities *cache.Kind[Subject, *Identity]

	// Persisted are the documents that clients have registered under their SHA-256, in hexadecimal.
	Persisted *cache.Kind[string, string]

	Documents     *cache.Kind[uuid.UUID, *ent.Document]
	DocumentStats *cache.Kind[uuid.UUID, *ent.DocumentStats]
	Revisions     *cache.Kind[uuid.UUID, *ent.Revision]
	Texts         *cache.Kind[RevisionKey, *ent.Revision]
	HTML          *cache.Kind[RenderingKey, *markdown.Document]
	CommentHTML   *cache.Kind[uuid.UUID, *markdown.Document]
	Diffs         *cache.Kind[DiffKey, *textdiff.Diff]
	Comments      *cache.Kind[uuid.UUID, *ent.Comment]

	Square      *cache.Kind[SquareKey, page.IDs]
	SquareTotal *cache.Kind[SquareFilter, int]
	Trending    *cache.Kind[TrendingKey, []uuid.UUID]
	Related     *cache.Kind[uuid.UUID, []uuid.UUID]
	Tags        *cache.Kind[TagsKey, []*ent.Tag]
	Categories  *cache.Kind[Single, []*ent.Category]
	Formats     *cache.Kind[Single, []*FormatCount]
	Site        *cache.Kind[Single, *SiteStats]
	Sitemap     *cache.Kind[Single, []SitemapEntry]

	Searches    *cache.Kind[SearchKey, *Found]
	Snippets    *cache.Kind[SnippetKey, *Snippets]
	Suggestions *cache.Kind[SuggestionKey, []Suggestion]
	Corrections *cache.Kind[string, string]
	Corpus      *cache.Kind[Single, *Corpus]
	Frequencies *cache.Kind[string, int]

	DocumentsOf *cache.Kind[UserListKey, page.IDs]
	ListTotals  *cache.Kind[UserListCount, int]
	Replies     *cache.Kind[page.List, page.IDs]
	CommentsOf  *cache.Kind[CommentsKey, page.IDs]
	RevisionsOf *cache.Kind[page.List, page.IDs]
	Thread      *cache.Kind[page.List, page.IDs] // comments and replies on a document, by their creation
	Edits       *cache.Kind[page.List, page.IDs] // the same, by their last change
	Deletions   *cache.Kind[page.List, page.IDs] // deleted comments of a document, by their deletion
	ReplyTotals *cache.Kind[uuid.UUID, int]

	// Likes and Favorites have one set of documents for each account, CommentLikes one of comments. Liked, Favorited and CommentLiked
	// answer for what is outside a partial set.
	Likes        *cache.Kind[uuid.UUID, *MarkSet]
	Favorites    *cache.Kind[uuid.UUID, *MarkSet]
	CommentLikes *cache.Kind[uuid.UUID, *MarkSet]
	Liked        *cache.Kind[MarkKey, bool]
	Favorited    *cache.Kind[MarkKey, bool]
	CommentLiked *cache.Kind[MarkKey, bool]

	Files           *cache.Kind[uuid.UUID, *ent.File]
	FilesOf         *cache.Kind[page.List, page.IDs]
	FileTotals      *cache.Kind[uuid.UUID, int]
	DocumentsOfFile *cache.Kind[uuid.UUID, []uuid.UUID]
	Contents        *cache.Kind[ContentKey, *Content]

	EditorSessions      *cache.Kind[uuid.UUID, *ent.EditorSession]
	EditorSessionsOf    *cache.Kind[page.List, page.IDs]
	EditorSessionTotals *cache.Kind[uuid.UUID, int]
	Previews            *cache.Kind[PreviewKey, *markdown.Document]
}

// Options of a cache.
type Options struct {
	cache.Options
	Audit float64 // see ops.Options
}

// New returns a cache. Close it at the end.
func New(o Options) *Cache {
	e := cache.New(o.Options)
	const hour, minute, second = time.Hour, time.Minute, time.Second
	id, single := uuid.UUID.String, func(Single) string { return "" }
	return &Cache{
		Engine:  e,
		Monitor: ops.Watch(e, ops.Options{Audit: o.Audit, Log: o.Log, Label: label}),

		//                            name, version, TTL, negative, stale              key                what a write can touch
		Users:      cache.NewKind[uuid.UUID, *ent.User](e, spec("user", 3, hour, minute, 0), id, by(UserTag)),
		UserStats:  cache.NewKind[uuid.UUID, *ent.UserStats](e, spec("user_stats", 1, hour, minute, 0), id, by(UserStatsTag)),
		Usernames:  cache.Bounded(cache.NewKind[string, uuid.UUID](e, spec("username", 1, hour, minute, 0), hashed, by(UsernameTag)), plaintext.IsUsername, nil),
		UsersNamed: cache.Bounded(cache.NewKind[string, []page.Entry](e, spec("names", 1, 10*minute, 0, 0), hashed, fixed[string](AccountsTag)), isNameBegin, &[]page.Entry{}),
		Sessions:   cache.NewKind[TokenHash, *ent.Session](e, spec("session", 1, hour, minute, 0), TokenHash.key, by(SessionTag)),
		SessionsOf: cache.NewKind[uuid.UUID, []*ent.Session](e, spec("sessions_of", 1, hour, minute, 0), id, by(SessionsOfTag)),

		Identities: cache.Bounded(cache.NewKind[Subject, *Identity](e, spec("identity", 2, hour, minute, 0), Subject.Hash, by(Subject.tag)), Subject.possible, nil),
		Persisted:  cache.Bounded(cache.NewKind[string, string](e, spec("persisted", 1, 24*hour, second, 0), hashed, by(PersistedTag)), isSum, nil),

		Documents:     cache.NewKind[uuid.UUID, *ent.Document](e, spec("document", 3, hour, minute, 0), id, by(DocumentTag)),
		DocumentStats: cache.NewKind[uuid.UUID, *ent.DocumentStats](e, spec("document_stats", 2, hour, minute, 0), id, by(DocumentStatsTag)),
		Revisions:     cache.NewKind[uuid.UUID, *ent.Revision](e, spec("revision", 1, hour, minute, 0), id, by(RevisionTag)),
		Texts:         cache.NewKind[RevisionKey, *ent.Revision](e, spec("text", 1, 6*hour, minute, 0), RevisionKey.key, by(RevisionKey.tag)),
		HTML:          cache.NewKind[RenderingKey, *markdown.Document](e, spec("html", 6, 6*hour, minute, 0), RenderingKey.key, by(RenderingKey.tag)),
		CommentHTML:   cache.NewKind[uuid.UUID, *markdown.Document](e, spec("comment_html", 1, hour, minute, 0), id, by(CommentTag)),
		Diffs:         cache.NewKind[DiffKey, *textdiff.Diff](e, spec("diff", 1, hour, minute, 0), DiffKey.key, by(DiffKey.tag)),
		Comments:      cache.NewKind[uuid.UUID, *ent.Comment](e, spec("comment", 2, hour, minute, 0), id, by(CommentTag)),

		Square:      cache.Bounded(cache.NewKind[SquareKey, page.IDs](e, spec("square", 1, 10*minute, 0, 0), textKey[SquareKey], SquareKey.tags), SquareKey.possible, &page.IDs{}),
		SquareTotal: cache.Bounded(cache.NewKind[SquareFilter, int](e, spec("square_total", 1, 10*minute, 0, 0), textKey[SquareFilter], fixed[SquareFilter](SquareTag)), SquareFilter.possible, new(0)),
		Trending:    cache.NewKind[TrendingKey, []uuid.UUID](e, spec("trending", 2, minute, 0, 10*minute), keyText[TrendingKey], fixed[TrendingKey](SquareTag)),
		Related:     cache.NewKind[uuid.UUID, []uuid.UUID](e, spec("related", 1, 10*minute, 0, 0), id, relatedTags),
		Tags:        cache.Bounded(cache.NewKind[TagsKey, []*ent.Tag](e, spec("tags", 1, 10*minute, 0, 10*minute), textKey[TagsKey], fixed[TagsKey](SquareTag)), TagsKey.possible, &[]*ent.Tag{}),
		Categories:  cache.NewKind[Single, []*ent.Category](e, spec("categories", 2, 10*minute, 0, 10*minute), single, fixed[Single](SquareTag)),
		Formats:     cache.NewKind[Single, []*FormatCount](e, spec("formats", 1, 10*minute, 0, 10*minute), single, fixed[Single](SquareTag)),
		Site:        cache.NewKind[Single, *SiteStats](e, spec("site", 2, 30*second, 0, 10*minute), single, fixed[Single](SiteTag)),
		Sitemap:     cache.NewKind[Single, []SitemapEntry](e, spec("sitemap", 1, 10*minute, 0, 10*minute), single, fixed[Single](SquareTag)),

		Searches:    cache.Bounded(cache.NewKind[SearchKey, *Found](e, spec("search", 1, 10*minute, 0, 0), textKey[SearchKey], fixed[SearchKey](SquareTag)), SearchKey.possible, new(&Found{})),
		Snippets:    cache.Bounded(cache.NewKind[SnippetKey, *Snippets](e, spec("snippets", 1, 10*minute, 0, 0), textKey[SnippetKey], by(SnippetKey.tag)), SnippetKey.possible, nil),
		Suggestions: cache.Bounded(cache.NewKind[SuggestionKey, []Suggestion](e, spec("suggestions", 1, 10*minute, 0, 0), textKey[SuggestionKey], fixed[SuggestionKey](SquareTag)), SuggestionKey.possible, nil),
		Corrections: cache.Bounded(cache.NewKind[string, string](e, spec("correction", 1, 10*minute, 0, 0), hashed, fixed[string](SquareTag)), isQuery, nil),
		Corpus:      cache.NewKind[Single, *Corpus](e, spec("corpus", 1, 10*minute, 0, hour), single, fixed[Single](CorpusTag)),
		Frequencies: cache.Bounded(cache.NewKind[string, int](e, spec("frequency", 1, hour, 0, hour), hashed, fixed[string](CorpusTag)), isUnit, nil),

		DocumentsOf: cache.NewKind[UserListKey, page.IDs](e, spec("documents_of", 2, 10*minute, 0, 0), keyText[UserListKey], UserListKey.tags),
		ListTotals:  cache.NewKind[UserListCount, int](e, spec("list_total", 1, 10*minute, 0, 0), keyText[UserListCount], UserListCount.tags),
		CommentsOf:  cache.NewKind[CommentsKey, page.IDs](e, spec("comments_of", 1, hour, 0, 0), keyText[CommentsKey], CommentsKey.tags),
		Replies:     cache.NewKind[page.List, page.IDs](e, spec("replies", 1, hour, 0, 0), keyText[page.List], listTag(RepliesTag)),
		Thread:      cache.NewKind[page.List, page.IDs](e, spec("thread", 1, hour, 0, 0), keyText[page.List], listTag(ThreadTag)),
		Edits:       cache.NewKind[page.List, page.IDs](e, spec("comment_edits", 1, hour, 0, 0), keyText[page.List], listTag(ThreadTag)),
		Deletions:   cache.NewKind[page.List, page.IDs](e, spec("deleted_comments", 1, hour, 0, 0), keyText[page.List], listTag(ThreadTag)),
		ReplyTotals: cache.NewKind[uuid.UUID, int](e, spec("reply_total", 1, hour, 0, 0), id, by(RepliesTag)),
		RevisionsOf: cache.NewKind[page.List, page.IDs](e, spec("revisions_of", 1, hour, 0, 0), keyText[page.List], listTag(DocumentTag)),

		Likes:        cache.AboutViewers(cache.NewKind[uuid.UUID, *MarkSet](e, spec("likes", 2, hour, 0, 0), id, by(LikesOfTag))),
		Favorites:    cache.AboutViewers(cache.NewKind[uuid.UUID, *MarkSet](e, spec("favorites", 2, hour, 0, 0), id, by(FavoritesOfTag))),
		CommentLikes: cache.AboutViewers(cache.NewKind[uuid.UUID, *MarkSet](e, spec("comment_likes", 1, hour, 0, 0), id, by(CommentLikesOfTag))),
		Liked:        cache.AboutViewers(cache.NewKind[MarkKey, bool](e, spec("liked", 2, hour, 0, 0), MarkKey.key, by(MarkKey.likeTag))),
		Favorited:    cache.AboutViewers(cache.NewKind[MarkKey, bool](e, spec("favorited", 2, hour, 0, 0), MarkKey.key, by(MarkKey.favoriteTag))),
		CommentLiked: cache.AboutViewers(cache.NewKind[MarkKey, bool](e, spec("comment_liked", 1, hour, 0, 0), MarkKey.key, by(MarkKey.commentLikeTag))),

		Files:           cache.NewKind[uuid.UUID, *ent.File](e, spec("file", 2, hour, minute, 0), id, by(FileTag)),
		FilesOf:         cache.NewKind[page.List, page.IDs](e, spec("files_of", 1, hour, 0, 0), keyText[page.List], listTag(FilesOfTag)),
		FileTotals:      cache.NewKind[uuid.UUID, int](e, spec("files_total", 1, hour, 0, 0), id, by(FilesOfTag)),
		DocumentsOfFile: cache.NewKind[uuid.UUID, []uuid.UUID](e, spec("documents_of_file", 2, hour, 0, 0), id, by(DocumentsOfFileTag)),
		Contents:        cache.NewKind[ContentKey, *Content](e, spec("content", 1, hour, 0, 0), ContentKey.key, by(ContentKey.tag)),

		EditorSessions:      cache.NewKind[uuid.UUID, *ent.EditorSession](e, spec("editor_session", 1, hour, minute, 0), id, by(EditorSessionTag)),
		EditorSessionsOf:    cache.NewKind[page.List, page.IDs](e, spec("editor_sessions_of", 1, hour, 0, 0), keyText[page.List], listTag(EditorSessionsOfTag)),
		EditorSessionTotals: cache.NewKind[uuid.UUID, int](e, spec("editor_sessions_total", 1, hour, 0, 0), id, by(EditorSessionsOfTag)),
		Previews:            cache.NewKind[PreviewKey, *markdown.Document](e, spec("preview", 3, 10*minute, minute, 0), PreviewKey.key, PreviewKey.tags),
	}
}

// spec returns the declaration of a kind.
func spec(name string, version int, ttl, negative, stale time.Duration) cache.Spec {
	return cache.Spec{Name: name, Version: version, TTL: ttl, Negative: negative, Stale: stale}
}

// by returns the tags function of a kind whose entries have one tag.
func by[K any](tag func(K) cache.Tag) func(K) []cache.Tag {
	return func(key K) []cache.Tag { return append(make([]cache.Tag, 0, 2), tag(key)) }
}

// fixed returns the tags function of a kind whose entries all have the same tag.
func fixed[K any](tag cache.Tag) func(K) []cache.Tag { return by(func(K) cache.Tag { return tag }) }

// relatedTags returns the tags of the related documents of a document.
func relatedTags(id uuid.UUID) []cache.Tag { return []cache.Tag{DocumentTag(id), SquareTag} }

// listTag returns the tags function of a kind of lists that belong to one entity.
func listTag(tag func(uuid.UUID) cache.Tag) func(page.List) []cache.Tag {
	return by(func(k page.List) cache.Tag { return tag(k.Of) })
}

// keyEncoding encodes times as text, as it did when the kinds were defined: another encoding would change every key.
var keyEncoding = must(cbor.EncOptions{Time: cbor.TimeRFC3339NanoUTC}.EncMode())

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // constant options; a test builds them
	}
	return v
}

// keyText returns a composite key as text: its CBOR, which is the same for equal keys.
func keyText[K any](key K) string {
	raw, err := keyEncoding.Marshal(key)
	if err != nil {
		return fmt.Sprintf("%+v", key) // a key of plain fields always encodes
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// textKey is keyText for a key that contains a text of any length.
func textKey[K any](key K) string { return hashed(keyText(key)) }

// Names returns the name of every kind: <NAME>_CACHE_TTL sets its TTL.
func Names() []string {
	c := New(Options{})
	defer c.Close()
	return c.Names()
}
