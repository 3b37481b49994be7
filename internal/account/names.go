package account

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/user"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/text/plaintext"
)

// NamesOrder names the order of accounts that were found by their names, for its cursors.
const NamesOrder = "users"

// mostNames is how many names of each kind with the same beginning are found.
const mostNames = 100

// Sought returns the beginning of a name as it is looked up.
func Sought(text string) string { return plaintext.NameKey(strings.TrimLeft(text, " ")) }

// ByNames returns pages of the accounts whose username or display name begins with a text, the oldest account first.
func (s *Service) ByNames(ctx context.Context, keys []kinds.UsersPage) (map[kinds.UsersPage]page.IDs, error) {
	var begins []string
	for _, k := range keys {
		begins = append(begins, k.Begin)
	}
	slices.Sort(begins)
	found, err := s.cache.UsersNamed.Fetch(ctx, slices.Compact(begins), func(ctx context.Context, begins []string) (map[string][]page.Entry, error) {
		lists := make(map[string][]page.Entry, len(begins))
		for _, begin := range begins { // an operation asks for one, or for a few under aliases
			list, err := s.named(ctx, begin)
			if err != nil {
				return nil, err
			}
			lists[begin] = list
		}
		return lists, nil
	})
	pages := make(map[kinds.UsersPage]page.IDs, len(keys))
	for _, k := range keys {
		pages[k] = page.Cut(found[k.Begin], k.Args)
	}
	return pages, err
}

func (s *Service) named(ctx context.Context, begin string) ([]page.Entry, error) {
	found := map[uuid.UUID]page.Entry{}
	for _, column := range []string{user.FieldUsername, user.FieldFolded} {
		rows, err := s.store.DB.User.Query().Where(present.User(), store.Begins(column, begin)).Order(ent.Asc(column)).Limit(mostNames).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range rows {
			found[u.ID] = page.Entry{ID: u.ID, Sort: -u.CreatedAt.UnixMicro()}
		}
	}
	return page.Sorted(found), nil
}
