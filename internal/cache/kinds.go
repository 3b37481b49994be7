package cache

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/markdown"
	"docsquare/internal/page"
)

// Cache is every kind of entry. A kind is one row of New and nothing else: no key and no TTL stands anywhere else.
type Cache struct {
	*Engine

	Users     *Kind[uuid.UUID, *ent.User]
	UserStats *Kind[uuid.UUID, *ent.UserStats]
	Usernames *Kind[string, uuid.UUID]
	Sessions  *Kind[TokenHash, *ent.Session]

	SessionsOf *Kind[uuid.UUID, []*ent.Session]
	Identities *Kind[Subject, uuid.UUID]

	// Persisted is the texts that clients have registered under their SHA-256, in hexadecimal.
	Persisted *Kind[string, string]

	Documents     *Kind[uuid.UUID, *ent.Document]
	DocumentStats *Kind[uuid.UUID, *ent.DocumentStats]
	Revisions     *Kind[uuid.UUID, *ent.Revision]
	Texts         *Kind[RevisionKey, *ent.Revision]
	HTML          *Kind[RenderingKey, *markdown.Document]
	Comments      *Kind[uuid.UUID, *ent.Comment]

	Square      *Kind[SquareKey, page.IDs]
	SquareTotal *Kind[SquareFilter, int]
	Trending    *Kind[TrendingKey, []uuid.UUID]
	Categories  *Kind[Single, []*ent.Category]
	Formats     *Kind[Single, []*FormatCount]
	Site        *Kind[Single, *SiteStats]

	Searches    *Kind[SearchKey, *Found]
	Snippets    *Kind[SnippetKey, *Snippets]
	Suggestions *Kind[SuggestionKey, []Suggestion]
	Corpus      *Kind[Single, *Corpus]
	Frequencies *Kind[string, int]

	DocumentsOf *Kind[UserListKey, page.IDs]
	ListTotals  *Kind[UserListCount, int]
	Replies     *Kind[page.List, page.IDs]
	CommentsOf  *Kind[page.List, page.IDs]
	RevisionsOf *Kind[page.List, page.IDs]
	Thread      *Kind[page.List, page.IDs]
	ReplyTotals *Kind[uuid.UUID, int]

	// The documents that an account likes and keeps, in one entry each. Liked and Favorited are for documents that a partial
	// set does not answer.
	Likes     *Kind[uuid.UUID, *MarkSet]
	Favorites *Kind[uuid.UUID, *MarkSet]
	Liked     *Kind[MarkKey, bool]
	Favorited *Kind[MarkKey, bool]

	Files           *Kind[uuid.UUID, *ent.File]
	FilesOf         *Kind[page.List, page.IDs]
	FileTotals      *Kind[uuid.UUID, int]
	DocumentsOfFile *Kind[uuid.UUID, []uuid.UUID]

	EditorSessions      *Kind[uuid.UUID, *ent.EditorSession]
	EditorSessionsOf    *Kind[page.List, page.IDs]
	EditorSessionTotals *Kind[uuid.UUID, int]
}

// New builds the cache. Close it at the end.
func New(o Options) *Cache {
	e := newEngine(o)
	const hour, minute, second = time.Hour, time.Minute, time.Second
	id, single := uuid.UUID.String, func(Single) string { return "" }
	return &Cache{
		Engine: e,

		//                            name, version, TTL, negative, stale              key                what a write can touch
		Users:      newKind[uuid.UUID, *ent.User](e, Spec{"user", 1, hour, minute, 0}, id, by(UserTag)),
		UserStats:  newKind[uuid.UUID, *ent.UserStats](e, Spec{"user_stats", 1, hour, minute, 0}, id, by(UserStatsTag)),
		Usernames:  newKind[string, uuid.UUID](e, Spec{"username", 1, hour, minute, 0}, hashed, by(UsernameTag)),
		Sessions:   newKind[TokenHash, *ent.Session](e, Spec{"session", 1, hour, minute, 0}, TokenHash.key, by(SessionTag)),
		SessionsOf: newKind[uuid.UUID, []*ent.Session](e, Spec{"sessions_of", 1, hour, minute, 0}, id, by(SessionsOfTag)),

		Identities: newKind[Subject, uuid.UUID](e, Spec{"identity", 1, hour, minute, 0}, Subject.key, by(Subject.tag)),
		Persisted:  newKind[string, string](e, Spec{"persisted", 1, 24 * hour, second, 0}, hashed, by(PersistedTag)),

		Documents:     newKind[uuid.UUID, *ent.Document](e, Spec{"document", 2, hour, minute, 0}, id, by(DocumentTag)),
		DocumentStats: newKind[uuid.UUID, *ent.DocumentStats](e, Spec{"document_stats", 2, hour, minute, 0}, id, by(DocumentStatsTag)),
		Revisions:     newKind[uuid.UUID, *ent.Revision](e, Spec{"revision", 1, hour, minute, 0}, id, by(RevisionTag)),
		Texts:         newKind[RevisionKey, *ent.Revision](e, Spec{"text", 1, 6 * hour, minute, 0}, RevisionKey.key, by(RevisionKey.tag)),
		HTML:          newKind[RenderingKey, *markdown.Document](e, Spec{"html", 2, 6 * hour, minute, 0}, RenderingKey.key, by(RenderingKey.tag)),
		Comments:      newKind[uuid.UUID, *ent.Comment](e, Spec{"comment", 1, hour, minute, 0}, id, by(CommentTag)),

		Square:      newKind[SquareKey, page.IDs](e, Spec{"square", 1, 10 * minute, 0, 0}, keyText[SquareKey], SquareKey.tags),
		SquareTotal: newKind[SquareFilter, int](e, Spec{"square_total", 1, 10 * minute, 0, 0}, keyText[SquareFilter], fixed[SquareFilter](SquareTag)),
		Trending:    newKind[TrendingKey, []uuid.UUID](e, Spec{"trending", 2, minute, 0, 10 * minute}, keyText[TrendingKey], fixed[TrendingKey](SquareTag)),
		Categories:  newKind[Single, []*ent.Category](e, Spec{"categories", 2, 10 * minute, 0, 10 * minute}, single, fixed[Single](SquareTag)),
		Formats:     newKind[Single, []*FormatCount](e, Spec{"formats", 1, 10 * minute, 0, 10 * minute}, single, fixed[Single](SquareTag)),
		Site:        newKind[Single, *SiteStats](e, Spec{"site", 2, 30 * second, 0, 10 * minute}, single, fixed[Single](SiteTag)),

		Searches:    newKind[SearchKey, *Found](e, Spec{"search", 1, 10 * minute, 0, 0}, textKey[SearchKey], fixed[SearchKey](SquareTag)),
		Snippets:    newKind[SnippetKey, *Snippets](e, Spec{"snippets", 1, 10 * minute, 0, 0}, textKey[SnippetKey], by(SnippetKey.tag)),
		Suggestions: newKind[SuggestionKey, []Suggestion](e, Spec{"suggestions", 1, 10 * minute, 0, 0}, textKey[SuggestionKey], fixed[SuggestionKey](SquareTag)),
		Corpus:      newKind[Single, *Corpus](e, Spec{"corpus", 1, 10 * minute, 0, hour}, single, fixed[Single](CorpusTag)),
		Frequencies: newKind[string, int](e, Spec{"frequency", 1, hour, 0, hour}, hashed, fixed[string](CorpusTag)),

		DocumentsOf: newKind[UserListKey, page.IDs](e, Spec{"documents_of", 1, 10 * minute, 0, 0}, keyText[UserListKey], UserListKey.tags),
		ListTotals:  newKind[UserListCount, int](e, Spec{"list_total", 1, 10 * minute, 0, 0}, keyText[UserListCount], UserListCount.tags),
		CommentsOf:  newKind[page.List, page.IDs](e, Spec{"comments_of", 1, hour, 0, 0}, keyText[page.List], listTag(CommentsOfTag)),
		Replies:     newKind[page.List, page.IDs](e, Spec{"replies", 1, hour, 0, 0}, keyText[page.List], listTag(RepliesTag)),
		Thread:      newKind[page.List, page.IDs](e, Spec{"thread", 1, hour, 0, 0}, keyText[page.List], listTag(ThreadTag)),
		ReplyTotals: newKind[uuid.UUID, int](e, Spec{"reply_total", 1, hour, 0, 0}, id, by(RepliesTag)),
		RevisionsOf: newKind[page.List, page.IDs](e, Spec{"revisions_of", 1, hour, 0, 0}, keyText[page.List], listTag(DocumentTag)),

		Likes:     aboutViewers(newKind[uuid.UUID, *MarkSet](e, Spec{"likes", 1, hour, 0, 0}, id, by(LikesOfTag))),
		Favorites: aboutViewers(newKind[uuid.UUID, *MarkSet](e, Spec{"favorites", 1, hour, 0, 0}, id, by(FavoritesOfTag))),
		Liked:     aboutViewers(newKind[MarkKey, bool](e, Spec{"liked", 2, hour, 0, 0}, MarkKey.key, by(MarkKey.likeTag))),
		Favorited: aboutViewers(newKind[MarkKey, bool](e, Spec{"favorited", 2, hour, 0, 0}, MarkKey.key, by(MarkKey.favoriteTag))),

		Files:           newKind[uuid.UUID, *ent.File](e, Spec{"file", 1, hour, minute, 0}, id, by(FileTag)),
		FilesOf:         newKind[page.List, page.IDs](e, Spec{"files_of", 1, hour, 0, 0}, keyText[page.List], listTag(FilesOfTag)),
		FileTotals:      newKind[uuid.UUID, int](e, Spec{"files_total", 1, hour, 0, 0}, id, by(FilesOfTag)),
		DocumentsOfFile: newKind[uuid.UUID, []uuid.UUID](e, Spec{"documents_of_file", 1, hour, 0, 0}, id, by(DocumentsOfFileTag)),

		EditorSessions:      newKind[uuid.UUID, *ent.EditorSession](e, Spec{"editor_session", 1, hour, minute, 0}, id, by(EditorSessionTag)),
		EditorSessionsOf:    newKind[page.List, page.IDs](e, Spec{"editor_sessions_of", 1, hour, 0, 0}, keyText[page.List], listTag(EditorSessionsOfTag)),
		EditorSessionTotals: newKind[uuid.UUID, int](e, Spec{"editor_sessions_total", 1, hour, 0, 0}, id, by(EditorSessionsOfTag)),
	}
}

// by makes the tags of an entry from the one tag that its key names.
func by[K any](tag func(K) Tag) func(K) []Tag {
	return func(key K) []Tag { return append(make([]Tag, 0, 2), tag(key)) }
}

// fixed gives every entry of a kind the same tag.
func fixed[K any](tag Tag) func(K) []Tag { return by(func(K) Tag { return tag }) }

func listTag(tag func(uuid.UUID) Tag) func(page.List) []Tag {
	return by(func(k page.List) Tag { return tag(k.Of) })
}

// keyText is a composite key as text: its CBOR, which is the same for equal keys.
func keyText[K any](key K) string {
	raw, err := encoding.Marshal(key)
	if err != nil {
		return fmt.Sprintf("%+v", key) // a key of plain fields always encodes
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// textKey is keyText for a key with a text of any length in it.
func textKey[K any](key K) string { return hashed(keyText(key)) }

// Names is the name of every kind: <NAME>_CACHE_TTL sets its TTL.
func Names() []string {
	c := New(Options{})
	defer c.Close()
	return c.Names()
}

// Names is the name of every kind.
func (e *Engine) Names() []string { return slices.Sorted(maps.Keys(e.kinds)) }
