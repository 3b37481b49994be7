package kinds

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/cache"
	"docsquare/internal/counters/rank"
	"docsquare/internal/page"
	"docsquare/internal/text/plaintext"
)

// Single is the key of a kind that has one entry.
type Single struct{}

// TokenHash is the SHA-256 of a session token. Its key in Redis is a hash of it, so no key there opens a session.
type TokenHash [sha256.Size]byte

func (h TokenHash) key() string { return hashed(string(h[:])) }

// hashed returns a hash of a text that is short enough for a key.
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// isSum reports whether a text is a SHA-256 in hexadecimal.
func isSum(text string) bool { return len(text) == hex.EncodedLen(sha256.Size) }

// isUnit reports whether a text is as short as a unit of a search.
func isUnit(text string) bool { return len(text) <= 128 }

// Subject is an account of an external token issuer.
type Subject struct{ Issuer, Name string }

// Hash returns a hash of the subject, as it is kept of subjects whose accounts are gone.
func (s Subject) Hash() string { return hashed(s.Issuer + "\n" + s.Name) }

// Identity is what is known of a subject: its account, and which of its tokens are refused although they have not expired.
type Identity struct {
	Account     uuid.UUID   // uuid.Nil: none
	IssuedUntil time.Time   // tokens that were issued up to this moment are refused, and those that do not say when; zero: none
	Refused     []TokenHash // single tokens
}

// possible reports whether an issuer can have issued a token for the subject: OpenID Connect allows 255 characters.
func (s Subject) possible() bool { return len(s.Issuer) <= 512 && len(s.Name) <= 255 }

func (s Subject) tag() cache.Tag { return IdentityTag(s.Issuer, s.Name) }

// AsSent is the width of a content as it was sent.
const AsSent = -1

// ContentKey identifies what is sent of a stored file: the file as it was sent, or a picture that was made of it.
type ContentKey struct {
	File  uuid.UUID
	Width int // AsSent; or in pixels, 0 for all of them without metadata
}

func (k ContentKey) key() string { return fmt.Sprintf("%s.%d", k.File, k.Width) }

func (k ContentKey) tag() cache.Tag { return FileTag(k.File) }

// Content is where the bytes of a file or of a picture are.
type Content struct {
	Key  string // of the object
	Size int64  // in bytes
	Type string // media type
	Tag  string // names the content: the same tag is the same content
}

// MarkKey identifies a like or favorite of an account. The subject is a document or a comment.
type MarkKey struct{ User, Subject uuid.UUID }

func (k MarkKey) key() string               { return k.User.String() + "." + k.Subject.String() }
func (k MarkKey) likeTag() cache.Tag        { return LikesOfTag(k.User) }
func (k MarkKey) favoriteTag() cache.Tag    { return FavoritesOfTag(k.User) }
func (k MarkKey) commentLikeTag() cache.Tag { return CommentLikesOfTag(k.User) }

// SquareFilter selects public documents. Empty fields select all.
type SquareFilter struct {
	Format    document.Format
	Category  string
	Tag       string // its key, see plaintext.TagKey
	Author    uuid.UUID
	Published Days // when it was first published
}

// possible reports whether a document can pass the filter.
func (f SquareFilter) possible() bool {
	return (f.Tag == "" || plaintext.IsTagKey(f.Tag)) && (f.Category == "" || plaintext.IsCategory(f.Category)) && f.Published.possible()
}

// SquareOrder is an order of the tech square.
type SquareOrder struct {
	Field     string // OrderPublished or one of the other names
	Ascending bool
}

// SquareKey is one page of the tech square.
type SquareKey struct {
	Filter SquareFilter
	Order  SquareOrder
	Args   page.Args
	Count  bool // the page includes the total: for the first page of a list
}

func (k SquareKey) possible() bool { return k.Filter.possible() }

func (k SquareKey) tags() []cache.Tag {
	if k.Order.Field == OrderPopularity {
		return []cache.Tag{SquareTag, RankingTag}
	}
	return []cache.Tag{SquareTag}
}

// The orders of the tech square are names of columns.
const (
	OrderPublished  = "published_at"
	OrderCreated    = "created_at"
	OrderUpdated    = "updated_at"
	OrderPopularity = "popularity"
)

// UserList is a list of documents that belongs to an account.
type UserList string

// The lists of an account.
const (
	PublicDocuments UserList = "public"    // by the account, in the tech square
	OwnDocuments    UserList = "own"       // by the account, all of them
	Drafts          UserList = "drafts"    // by the account, private
	Likes           UserList = "likes"     // liked by the account and visible to it
	Favorites       UserList = "favorites" // favorites of the account that are visible to it
)

// UserListCount identifies a whole list of an account.
type UserListCount struct {
	List UserList
	User uuid.UUID
}

func (k UserListCount) tags() []cache.Tag {
	switch k.List {
	case Likes:
		return []cache.Tag{LikesOfTag(k.User), VisibilityTag}
	case Favorites:
		return []cache.Tag{FavoritesOfTag(k.User), VisibilityTag}
	case PublicDocuments, OwnDocuments, Drafts:
	}
	return []cache.Tag{DocumentsOfTag(k.User)}
}

// UserListKey identifies one page of a list of an account.
type UserListKey struct {
	UserListCount
	Args page.Args
}

func (k UserListKey) tags() []cache.Tag { return k.UserListCount.tags() }

// TrendingKey identifies one ranking.
type TrendingKey struct {
	Window rank.Window
	First  int
}

// TrendingPage identifies one page of a ranking.
type TrendingPage struct {
	Window rank.Window
	Args   page.Args
}

// TagsKey identifies the tags whose keys begin with a prefix, see plaintext.TagKey.
type TagsKey struct {
	Prefix string
	First  int
}

func (k TagsKey) possible() bool { return k.Prefix == "" || plaintext.IsTagKey(k.Prefix) }

// UsersPage identifies one page of the accounts whose names begin with a text, see account.Sought.
type UsersPage struct {
	Begin string
	Args  page.Args
}

// isNameBegin reports whether a name of an account can begin with a text.
func isNameBegin(text string) bool {
	return text != "" && utf8.RuneCountInString(text) <= plaintext.MaxDisplayName
}

// SearchKey identifies one search: a normalized query, see search.Query, among the documents of a filter.
type SearchKey struct {
	Query  string
	Filter SquareFilter
}

// possible reports whether a search can find anything.
func (k SearchKey) possible() bool { return isQuery(k.Query) && k.Filter.possible() }

// isQuery reports whether a text is as short as that of a search.
func isQuery(text string) bool {
	return len(text) <= utf8.UTFMax*plaintext.MaxQuery && utf8.RuneCountInString(text) <= plaintext.MaxQuery
}

// Found is the whole result of a search: every page is a part of one entry.
type Found struct {
	Hits    []page.Entry // the best first; Sort is the score in millionths
	Limited bool         // whether more documents match than were ranked
}

// Corpus is the statistics of the documents that searches rank with: of the newest ones if there are many.
type Corpus struct {
	Size     int       // number of documents
	From     int64     // number of the first one
	Averages []float64 // length of each field, in tokens
}

// SnippetKey identifies the snippets of one revision for a query.
type SnippetKey struct {
	Text   RevisionKey
	Format document.Format
	Query  string
}

func (k SnippetKey) tag() cache.Tag { return k.Text.tag() }

func (k SnippetKey) possible() bool { return isQuery(k.Query) }

// Snippets are the parts of a document that match a query, as HTML; empty for no match.
type Snippets struct{ Title, Summary, Body string }

// SuggestionKey identifies the suggestions for a prefix.
type SuggestionKey struct {
	Prefix string
	First  int
}

func (k SuggestionKey) possible() bool { return isQuery(k.Prefix) }

// Suggestion is one completion of a prefix.
type Suggestion struct {
	Kind      SuggestionKind
	Text      string    // of a tag or category
	Documents int       // number of public documents
	Document  uuid.UUID // of a title
}

// SuggestionKind is the kind of a suggestion.
type SuggestionKind string

// The kinds of suggestions.
const (
	SuggestTag      SuggestionKind = "TAG"
	SuggestCategory SuggestionKind = "CATEGORY"
	SuggestTitle    SuggestionKind = "TITLE"
)

// FormatCount is the number of public documents of a format.
type FormatCount struct {
	Format    document.Format
	Documents int
}

// SitemapEntry is a public document for crawlers.
type SitemapEntry struct {
	ID        uuid.UUID
	Title     string
	UpdatedAt time.Time
}

// SiteStats are the totals of the site. Only public documents count, with their comments, likes, favorites and views.
type SiteStats struct {
	Users, Documents                  int
	Comments, Likes, Favorites, Views int64
	Uploads                           int64
}
