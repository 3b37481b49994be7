package cache

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/page"
	"docsquare/internal/rank"
)

// Single is the key of a kind that has one entry.
type Single struct{}

// TokenHash is the SHA-256 of a session token. In Redis its own hash stands in its place, so no key there opens a session.
type TokenHash [sha256.Size]byte

func (h TokenHash) key() string { return hashed(string(h[:])) }

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// Subject is whom an outside issuer of tokens vouches for.
type Subject struct{ Issuer, Name string }

func (s Subject) key() string { return hashed(s.Issuer + "\n" + s.Name) }

func (s Subject) tag() Tag { return IdentityTag(s.Issuer, s.Name) }

// RevisionKey is one state of a document.
type RevisionKey struct {
	Document uuid.UUID
	Number   int
}

func (k RevisionKey) key() string { return fmt.Sprintf("%s.%d", k.Document, k.Number) }

func (k RevisionKey) tag() Tag { return DocumentTag(k.Document) }

// RenderingKey is one state of a document and the format that its text is in: the format can change without a new revision.
type RenderingKey struct {
	Text   RevisionKey
	Format document.Format
}

func (k RenderingKey) key() string { return k.Text.key() + "." + string(k.Format) }

func (k RenderingKey) tag() Tag { return k.Text.tag() }

// MarkKey is an account's mark on a document: a like or a favorite.
type MarkKey struct{ User, Document uuid.UUID }

func (k MarkKey) key() string      { return k.User.String() + "." + k.Document.String() }
func (k MarkKey) likeTag() Tag     { return LikesOfTag(k.User) }
func (k MarkKey) favoriteTag() Tag { return FavoritesOfTag(k.User) }

// SquareFilter says which public documents. Empty fields filter nothing.
type SquareFilter struct {
	Format        document.Format
	Category, Tag string
	Author        uuid.UUID
}

// SquareOrder is an order of the tech square.
type SquareOrder struct {
	Field     string // "created_at", "updated_at" or "popularity"
	Ascending bool
}

// SquareKey is one page of the tech square.
type SquareKey struct {
	Filter SquareFilter
	Order  SquareOrder
	Args   page.Args
	Count  bool // the page brings the total with it: for pages at the head of a list
}

func (k SquareKey) tags() []Tag {
	if k.Order.Field == OrderPopularity {
		return []Tag{SquareTag, RankingTag}
	}
	return []Tag{SquareTag}
}

// The orders of the tech square: the names of the columns.
const (
	OrderCreated    = "created_at"
	OrderUpdated    = "updated_at"
	OrderPopularity = "popularity"
)

// UserList names a list of documents that belongs to an account.
type UserList string

// The lists of an account.
const (
	PublicDocuments UserList = "public"    // by the account, in the tech square
	OwnDocuments    UserList = "own"       // by the account, all of them
	Drafts          UserList = "drafts"    // by the account, private
	Likes           UserList = "likes"     // liked by the account, without those that it can see no longer
	Favorites       UserList = "favorites" // among the account's favorites, likewise
)

// UserListCount is a whole list of an account.
type UserListCount struct {
	List UserList
	User uuid.UUID
}

func (k UserListCount) tags() []Tag {
	switch k.List {
	case Likes:
		return []Tag{LikesOfTag(k.User), ReachTag}
	case Favorites:
		return []Tag{FavoritesOfTag(k.User), ReachTag}
	case PublicDocuments, OwnDocuments, Drafts:
	}
	return []Tag{DocumentsOfTag(k.User)}
}

// UserListKey is one page of a list of an account.
type UserListKey struct {
	UserListCount
	Args page.Args
}

func (k UserListKey) tags() []Tag { return k.UserListCount.tags() }

// TrendingKey is one ranking.
type TrendingKey struct {
	Window rank.Window
	First  int
}

// SearchKey is one search: a query in its own words, see search.Query, among the documents that pass a filter.
type SearchKey struct {
	Query  string
	Filter SquareFilter
}

// Found is what a search found: all of it, so that every page of it is cut from one entry.
type Found struct {
	Hits    []page.Entry // the best first; Sort is the score in millionths
	Limited bool         // more documents match than were ranked
}

// Corpus is what the ranking of searches knows of all documents: of the newest ones, where there are many.
type Corpus struct {
	Size     int       // how many documents are counted in
	From     int64     // the number of the first that is
	Averages []float64 // how long each field is, in tokens
}

// SnippetKey is the snippets of one state of a document for a query.
type SnippetKey struct {
	Text   RevisionKey
	Format document.Format
	Query  string
}

func (k SnippetKey) tag() Tag { return k.Text.tag() }

// Snippets is the parts of a document that match a query, as HTML; empty where nothing does.
type Snippets struct{ Title, Summary, Body string }

// SuggestionKey is what was typed into a search box so far.
type SuggestionKey struct {
	Prefix string
	First  int
}

// Suggestion is one way to go on with what was typed.
type Suggestion struct {
	Kind      SuggestionKind
	Text      string    // of a tag or category
	Documents int       // how many public ones it leads to
	Document  uuid.UUID // of a title
}

// SuggestionKind says what a suggestion is.
type SuggestionKind string

// The kinds of suggestions.
const (
	SuggestTag      SuggestionKind = "TAG"
	SuggestCategory SuggestionKind = "CATEGORY"
	SuggestTitle    SuggestionKind = "TITLE"
)

// FormatCount says how many public documents have a format.
type FormatCount struct {
	Format    document.Format
	Documents int
}

// SiteStats says how large the community is. Documents and what belongs to them count while they are public.
type SiteStats struct {
	Users, Documents                  int
	Comments, Likes, Favorites, Views int64
	Uploads                           int64
}
