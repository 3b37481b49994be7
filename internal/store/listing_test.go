package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// base is where moments begin.
var base = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// shelf is lists in the database, and the same lists in memory, in ascending order.
type shelf struct {
	*store.Store
	random   *rand.Rand
	parents  []uuid.UUID // documents; the last one has no comments
	comments map[uuid.UUID][]page.Entry
	popular  []page.Entry
}

func (s *shelf) id() (id uuid.UUID) {
	for i := range id {
		id[i] = byte(s.random.Uint32())
	}
	return id
}

// fill writes comments of few moments and documents of few popularities, so that most have equal neighbors.
func (s *shelf) fill(t *testing.T) {
	t.Helper()
	ctx, author, counts := t.Context(), s.id(), []int{17, 1, 40, 0}
	s.comments = map[uuid.UUID][]page.Entry{}
	testkit.Must(t, s.Write(ctx, func(tx *store.Tx) error {
		testkit.Must(t, tx.User.Create().SetID(author).SetUsername("ann").SetEmail("ann@example.org").SetDisplayName("Ann").Exec(ctx))
		for _, count := range counts {
			parent, popularity := s.id(), s.random.IntN(2)
			s.parents = append(s.parents, parent)
			s.popular = append(s.popular, page.Entry{ID: parent, Sort: int64(popularity)})
			testkit.Must(t, tx.Document.Create().SetID(parent).SetAuthorID(author).SetTitle("Title").Exec(ctx))
			testkit.Must(t, tx.DocumentStats.Create().SetDocumentID(parent).SetPopularity(popularity).Exec(ctx))
			var rows []*ent.CommentCreate
			for range count {
				at, id := base.Add(time.Duration(s.random.IntN(6)*50_001)*time.Microsecond), s.id()
				rows = append(rows, tx.Comment.Create().SetID(id).SetDocumentID(parent).SetAuthorID(author).SetBody("x").SetCreatedAt(at))
				s.comments[parent] = append(s.comments[parent], page.Entry{ID: id, Sort: at.UnixMicro()})
			}
			testkit.Must(t, tx.Comment.CreateBulk(rows...).Exec(ctx))
		}
		return nil
	}))
	for _, list := range s.comments {
		slices.SortFunc(list, compare)
	}
	slices.SortFunc(s.popular, compare)
}

func compare(a, b page.Entry) int {
	if a.Sort != b.Sort {
		return int(a.Sort - b.Sort)
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// expected is the page of a list, by the words of page.Args.
func expected(ascending []page.Entry, l store.Listing, args page.Args) page.IDs {
	sign, list := 1, slices.Clone(ascending)
	if !l.Ascending {
		sign = -1
		slices.Reverse(list)
	}
	left := slices.DeleteFunc(list, func(e page.Entry) bool {
		at := func(c page.Cursor) int { return sign * compare(e, page.Entry{ID: c.ID, Sort: c.Sort}) }
		return !args.After.Zero() && at(args.After) <= 0 || !args.Before.Zero() && at(args.Before) >= 0
	})
	more := len(left) > args.Size
	p := page.IDs{Total: page.NotCounted, HasNext: more || !args.Before.Zero(), HasPrevious: !args.After.Zero(), Entries: left[:min(args.Size, len(left))]}
	if args.Backward {
		p.HasNext, p.HasPrevious, p.Entries = !args.Before.Zero(), more || !args.After.Zero(), left[max(0, len(left)-args.Size):]
	}
	if len(p.Entries) == 0 {
		p.Entries = nil
	}
	return p
}

// args is a random page: of any size, in any direction, from any place, which some entry of some list has or none.
func (s *shelf) args() page.Args {
	place := func() page.Cursor {
		list := s.comments[s.parents[s.random.IntN(len(s.parents)-1)]]
		switch c := list[s.random.IntN(len(list))].Cursor(); s.random.IntN(4) {
		case 0:
			return c
		case 1:
			return page.Cursor{Sort: c.Sort, ID: s.id()} // of an entry that is gone
		}
		return page.Cursor{}
	}
	return page.Args{Size: 1 + s.random.IntN(12), Backward: s.random.IntN(2) == 0, After: place(), Before: place()}
}

// TestPages compares pages of all kinds with those of the lists in memory.
func TestPages(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			s := &shelf{Store: open(t, testkit.Database(t, dialect)), random: rand.New(rand.NewPCG(1, 2))}
			defer shut(s.Store)
			s.fill(t)
			for _, ascending := range []bool{true, false} {
				l := store.Listing{Table: "comments", ID: "id", Sort: "created_at", Moment: true, Ascending: ascending, Parent: "document_id"}
				for range 150 {
					s.compare(t, l, s.args())
				}
				s.walk(t, l, false)
				s.walk(t, l, true)
				for _, few := range []bool{false, true} {
					s.one(t, store.Listing{Table: "document_stats", ID: "document_id", Sort: "popularity", Ascending: ascending, Few: few})
				}
				l.Few = true
				s.walk(t, l, ascending)
			}
			counts, err := store.Listing{Table: "comments", ID: "id", Parent: "document_id"}.Counts(t.Context(), s.Store, s.parents)
			testkit.Must(t, err)
			for _, parent := range s.parents {
				if counts[parent] != len(s.comments[parent]) {
					t.Errorf("%d comments are counted, not %d", counts[parent], len(s.comments[parent]))
				}
			}
		})
	}
}

// compare reads two different pages of every parent at once, as a loader does.
func (s *shelf) compare(t *testing.T, l store.Listing, args page.Args) {
	t.Helper()
	var lists []page.List
	for _, parent := range s.parents {
		lists = append(lists, page.List{Of: parent, Args: args}, page.List{Of: parent, Args: page.Args{Size: args.Size + 1}})
	}
	pages, err := store.PagesOf(s.Store, l)(t.Context(), lists)
	testkit.Must(t, err)
	for _, list := range lists {
		if diff := cmp.Diff(expected(s.comments[list.Of], l, list.Args), pages[list]); diff != "" {
			t.Fatalf("%+v, ascending %v (-want +got):\n%s", list.Args, l.Ascending, diff)
		}
	}
}

// walk goes through each list page by page, from cursor to cursor, and puts the pages together.
func (s *shelf) walk(t *testing.T, l store.Listing, backward bool) {
	t.Helper()
	for _, parent := range s.parents {
		var together []page.Entry
		args := page.Args{Size: 7, Backward: backward}
		for more := true; more; {
			pages, err := l.Pages(t.Context(), s.Store, []uuid.UUID{parent}, args)
			testkit.Must(t, err)
			p := pages[parent]
			if backward {
				together, more = slices.Concat(p.Entries, together), p.HasPrevious
			} else {
				together, more = slices.Concat(together, p.Entries), p.HasNext
			}
			if more {
				args.Before, args.After = page.Cursor{}, p.Entries[len(p.Entries)-1].Cursor()
				if backward {
					args.Before, args.After = p.Entries[0].Cursor(), page.Cursor{}
				}
			}
		}
		want := expected(s.comments[parent], l, page.Args{Size: 1000}).Entries
		if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(together)); diff != "" {
			t.Errorf("backward %v, ascending %v (-want +got):\n%s", backward, l.Ascending, diff)
		}
	}
}

// one reads pages of a list that belongs to nothing, in the order of a number.
func (s *shelf) one(t *testing.T, l store.Listing) {
	t.Helper()
	for _, at := range append(s.popular, page.Entry{}) {
		for _, args := range []page.Args{{Size: 2, After: at.Cursor()}, {Size: 2, Before: at.Cursor(), Backward: true}} {
			got, err := l.Page(t.Context(), s.Store, args)
			testkit.Must(t, err)
			if diff := cmp.Diff(expected(s.popular, l, args), got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", args, diff)
			}
		}
	}
}
