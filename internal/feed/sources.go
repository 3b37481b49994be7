package feed

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/account"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// maxEntries is how many documents a feed has: the last published ones. A feed of a search has those of its first maxRanked results.
const (
	maxEntries = 30
	maxRanked  = page.MaxSize
)

// queryName is the parameter of an address that has the text of a search.
const queryName = "q"

// listed is a document in a feed.
type listed struct {
	document *ent.Document
	author   *ent.User
}

// site is the feed of all public documents.
func (h *server) site(ctx context.Context, r *http.Request, location string) (built, error) {
	return h.newest(ctx, r, location, "Documents on "+host(location), time.Unix(0, 0), kinds.SquareFilter{})
}

// author is the feed of an account. It is NOT_FOUND if no account has the name.
func (h *server) author(ctx context.Context, r *http.Request, location string) (built, error) {
	name, ok := nameIn(r)
	if !ok {
		return built{}, errs.Missing("feed")
	}
	name = account.Lower(name)
	ids, err := h.Accounts.ByUsernames(ctx, []string{name})
	if err != nil {
		return built{}, err
	}
	users, err := h.Accounts.ByIDs(ctx, []uuid.UUID{ids[name]})
	if err != nil {
		return built{}, err
	}
	u := users[ids[name]]
	if u == nil {
		return built{}, errs.Missing("account")
	}
	return h.newest(ctx, r, location, fmt.Sprintf("Documents by %s on %s", nameOf(u), host(location)), u.CreatedAt, kinds.SquareFilter{Author: u.ID})
}

// tag is the feed of a tag in any spelling. It is empty if no public document has the tag.
func (h *server) tag(ctx context.Context, r *http.Request, location string) (built, error) {
	name, ok := nameIn(r)
	if !ok || utf8.RuneCountInString(name) > plaintext.MaxTag {
		return built{}, errs.Missing("feed")
	}
	return h.newest(ctx, r, location, fmt.Sprintf("Documents with the tag %s on %s", name, host(location)), time.Unix(0, 0), kinds.SquareFilter{Tag: plaintext.TagKey(name)})
}

// nameIn returns the name at the end of an address such as /feeds/tags/go.atom.
func nameIn(r *http.Request) (string, bool) {
	name, ok := strings.CutSuffix(r.PathValue("name"), ".atom")
	name = strings.TrimSpace(name)
	return name, ok && name != "" && utf8.ValidString(name)
}

// search is the feed of a search: the first results, the last published first.
func (h *server) search(ctx context.Context, r *http.Request, location string) (built, error) {
	text := strings.TrimSpace(r.URL.Query().Get(queryName))
	if text == "" || !utf8.ValidString(text) {
		return built{}, errs.New(errs.BadUserInput, "the address has no text to search for: add ?%s= with one", queryName)
	}
	asked := square.Asked(text, kinds.SquareFilter{})
	found, err := h.Square.Search(ctx, []kinds.SearchKey{asked})
	if err != nil {
		return built{}, err
	}
	var ids []uuid.UUID
	if f := found[asked]; f != nil {
		ids = page.IDs{Entries: f.Hits[:min(maxRanked, len(f.Hits))]}.Keys()
	}
	list, err := h.listed(ctx, ids)
	if err != nil {
		return built{}, err
	}
	slices.SortStableFunc(list, func(a, b listed) int { return b.document.PublishedAt.Compare(*a.document.PublishedAt) })
	return atom(location, fmt.Sprintf("Documents on %s that match: %s", host(location), text), r, time.Unix(0, 0), list[:min(maxEntries, len(list))])
}

// newest is the feed of the last published documents that pass a filter.
func (h *server) newest(ctx context.Context, r *http.Request, location, title string, begun time.Time, f kinds.SquareFilter) (built, error) {
	k := kinds.SquareKey{Filter: f, Order: kinds.SquareOrder{Field: kinds.OrderPublished}, Args: page.Args{Size: maxEntries}}
	pages, err := h.Square.Pages(ctx, []kinds.SquareKey{k})
	if err != nil {
		return built{}, err
	}
	list, err := h.listed(ctx, pages[k].Keys())
	if err != nil {
		return built{}, err
	}
	return atom(location, title, r, begun, list)
}

// listed returns those of the documents that are public, with their authors.
func (h *server) listed(ctx context.Context, ids []uuid.UUID) ([]listed, error) {
	found, err := h.Documents.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []listed
	var authors []uuid.UUID
	for _, id := range ids {
		if d := found[id]; d != nil && viewer.From(ctx).Rules().Sees(d) && d.Visibility == entdocument.VisibilityPublic && d.PublishedAt != nil {
			list, authors = append(list, listed{document: d}), append(authors, d.AuthorID)
		}
	}
	users, err := h.Accounts.ByIDs(ctx, authors)
	for i, x := range list {
		list[i].author = users[x.document.AuthorID]
	}
	return slices.DeleteFunc(list, func(x listed) bool { return x.author == nil }), err // whose account is being deleted
}
