package square

import (
	"cmp"
	"context"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store"
)

func fullestFirst(list []*kinds.FormatCount) {
	slices.SortFunc(list, func(a, b *kinds.FormatCount) int {
		return cmp.Or(cmp.Compare(b.Documents, a.Documents), cmp.Compare(a.Format, b.Format))
	})
}

// ListOrder names the order of an account's list for its cursors.
func ListOrder(list kinds.UserList) string { return "user " + string(list) }

// Lists is pages of the lists of accounts: one statement for all that want the same page of the same list.
func (s *Service) Lists(ctx context.Context, keys []kinds.UserListKey) (map[kinds.UserListKey]page.IDs, error) {
	return s.cache.DocumentsOf.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.UserListKey) (map[kinds.UserListKey]page.IDs, error) {
		lists := map[kinds.UserList][]page.List{}
		for _, k := range keys {
			lists[k.List] = append(lists[k.List], page.List{Of: k.User, Args: k.Args})
		}
		out := make(map[kinds.UserListKey]page.IDs, len(keys))
		for list, wanted := range lists {
			pages, err := store.PagesOf(s.store, listOf(list))(ctx, wanted)
			if err != nil {
				return nil, err
			}
			for l, p := range pages {
				out[kinds.UserListKey{UserListCount: kinds.UserListCount{List: list, User: l.Of}, Args: l.Args}] = p
			}
		}
		return out, nil
	})
}

// ListTotals is how long lists of accounts are.
func (s *Service) ListTotals(ctx context.Context, keys []kinds.UserListCount) (map[kinds.UserListCount]int, error) {
	return s.cache.ListTotals.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.UserListCount) (map[kinds.UserListCount]int, error) {
		users := map[kinds.UserList][]uuid.UUID{}
		totals := make(map[kinds.UserListCount]int, len(keys))
		for _, k := range keys {
			users[k.List] = append(users[k.List], k.User)
			totals[k] = 0
		}
		for list, of := range users {
			counts, err := listOf(list).Counts(ctx, s.store, of)
			if err != nil {
				return nil, err
			}
			for user, n := range counts {
				totals[kinds.UserListCount{List: list, User: user}] = n
			}
		}
		return totals, nil
	})
}

func listOf(list kinds.UserList) store.Listing {
	written := store.Listing{
		Table: document.Table, ID: document.FieldID, Sort: document.FieldCreatedAt, Moment: true, Parent: document.FieldAuthorID,
	}
	switch list {
	case kinds.PublicDocuments:
		written.Sort, written.Where = document.FieldPublishedAt, only(document.VisibilityPublic)
	case kinds.Drafts:
		written.Where = only(document.VisibilityPrivate)
	case kinds.Likes:
		return store.Listing{
			Table: like.Table, ID: like.FieldDocumentID, Sort: like.FieldCreatedAt, Moment: true, Parent: like.FieldUserID,
			Where: seenBy(like.FieldUserID, like.FieldDocumentID),
		}
	case kinds.Favorites:
		return store.Listing{
			Table: favorite.Table, ID: favorite.FieldDocumentID, Sort: favorite.FieldCreatedAt, Moment: true, Parent: favorite.FieldUserID,
			Where: seenBy(favorite.FieldUserID, favorite.FieldDocumentID),
		}
	case kinds.OwnDocuments:
	}
	return written
}

// seenBy keeps the documents that the account of a row can see: the rule of viewer.Sees, for a list that belongs to a viewer.
func seenBy(account, id string) func(*entsql.Selector) {
	return func(sel *entsql.Selector) {
		b := entsql.Dialect(sel.Dialect())
		d := b.Table(document.Table).As("seen")
		sel.Where(entsql.Exists(b.Select(d.C(document.FieldID)).From(d).Where(entsql.And(
			entsql.ColumnsEQ(d.C(document.FieldID), sel.C(id)),
			entsql.Or(
				entsql.NEQ(d.C(document.FieldVisibility), document.VisibilityPrivate),
				entsql.ColumnsEQ(d.C(document.FieldAuthorID), sel.C(account)),
			),
		))))
	}
}

func only(v document.Visibility) func(*entsql.Selector) {
	return func(sel *entsql.Selector) { sel.Where(entsql.EQ(sel.C(document.FieldVisibility), v)) }
}
