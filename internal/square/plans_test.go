package square_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/counters/rank"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/square"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/queryplan"
	"docsquare/internal/testkit/servicetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// twoDays has days in which documents of the community were published.
var twoDays = kinds.Days{From: kinds.DayOf(servicetest.Base), To: kinds.DayOf(servicetest.Base) + 1}

// reading is something that the square reads. Few says that it may put what it found into an order itself.
type reading struct {
	name string
	read func(ctx context.Context, s *square.Service) error
	few  bool
}

func readings() []reading {
	var list []reading
	filters := map[string]kinds.SquareFilter{
		"all": {}, "format": {Format: document.FormatMD}, "category": {Category: "缓存"}, "tag": {Tag: "graph"}, "author": {Author: servicetest.ID("ann")},
		"tag and format": {Tag: "graph", Format: document.FormatMD}, "tag and category": {Tag: "graph", Category: "缓存"}, "tag and author": {Tag: "graph", Author: servicetest.ID("ann")},
		"author and format": {Author: servicetest.ID("ann"), Format: document.FormatMD}, "category and format": {Category: "缓存", Format: document.FormatMD},
		"days": {Published: twoDays}, "days and tag": {Tag: "graph", Published: twoDays}, "days and category": {Category: "缓存", Published: twoDays},
		"days and author": {Author: servicetest.ID("ann"), Published: twoDays}, "days, tag and format": {Tag: "graph", Format: document.FormatMD, Published: twoDays},
	}
	for name, f := range filters {
		for _, order := range []string{kinds.OrderPublished, kinds.OrderCreated, kinds.OrderUpdated, kinds.OrderPopularity} {
			for _, args := range []page.Args{{Size: 20}, {Size: 20, Backward: true}, {Size: 20, After: page.Cursor{Sort: 1, ID: uuid.UUID{1}}}} {
				key := kinds.SquareKey{Filter: f, Order: kinds.SquareOrder{Field: order}, Args: args, Count: args.Head()}
				list = append(list, reading{
					name: fmt.Sprintf("documents by %s with %s, %+v", order, name, args),
					few:  f.Tag != "" && (order == kinds.OrderUpdated || order == kinds.OrderPopularity || f != kinds.SquareFilter{Tag: f.Tag, Published: f.Published}) || f.Author != uuid.Nil && order == kinds.OrderPopularity,
					read: func(ctx context.Context, s *square.Service) error {
						_, err := s.Pages(ctx, []kinds.SquareKey{key})
						return err
					},
				})
			}
		}
	}
	for w := range rank.Windows {
		list = append(list, reading{name: fmt.Sprintf("trending %d", w), read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Trending(ctx, []kinds.TrendingKey{{Window: w, First: 10}})
			return err
		}})
	}
	for _, kind := range []kinds.UserList{kinds.PublicDocuments, kinds.OwnDocuments, kinds.Drafts, kinds.Likes, kinds.Favorites} {
		key := kinds.UserListKey{UserListCount: kinds.UserListCount{List: kind, User: servicetest.ID("ann")}, Args: page.Args{Size: 20}}
		list = append(list, reading{name: "list " + string(kind), few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Lists(ctx, []kinds.UserListKey{key})
			return err
		}})
	}
	for _, text := range []string{"文档", "graph document", `"text of" -nothing`, "docum*"} {
		key := square.Asked(text, kinds.SquareFilter{Tag: "graph", Published: twoDays})
		list = append(list, reading{name: "search " + text, few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Search(ctx, []kinds.SearchKey{key})
			return err
		}})
	}
	return append(list,
		reading{name: "suggestions", few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Suggest(ctx, []kinds.SuggestionKey{{Prefix: "gr", First: 8}})
			return err
		}},
		reading{name: "tags", read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Tags(ctx, []kinds.TagsKey{{First: 20}})
			return err
		}},
		reading{name: "tags by their beginning", few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Tags(ctx, []kinds.TagsKey{{First: 20, Prefix: "gr"}})
			return err
		}},
		reading{name: "related documents", few: true, read: func(ctx context.Context, s *square.Service) error {
			_, err := s.Related(ctx, []uuid.UUID{servicetest.ID("doc01")})
			return err
		}},
		reading{name: "totals", read: func(ctx context.Context, s *square.Service) error {
			var all []kinds.SquareFilter
			for _, f := range filters {
				all = append(all, f)
			}
			_, err := s.Totals(ctx, all)
			return err
		}},
	)
}

// TestEverythingReadsIndexes has both databases explain each statement that the explain extension reports: none reads a table that
// grows with the site from end to end, and a page of an order is found in that order.
func TestEverythingReadsIndexes(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			planner, seen := queryplan.Open(t, dialect), 0
			for _, r := range readings() {
				ctx, rec := record.With(t.Context())
				testkit.Must(t, r.read(ctx, site.Square))
				for _, plan := range planner.Check(t, r.name, rec.Report()) {
					seen++
					if !r.few && plan.Sorts {
						t.Errorf("%s sorts:\n%s\n%s", r.name, plan.Statement, plan.Text)
					}
				}
			}
			if seen < len(readings()) {
				t.Errorf("%d statements were explained, for %d readings", seen, len(readings()))
			}
		})
	}
}
