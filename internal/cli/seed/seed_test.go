package seed_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/go-cmp/cmp"

	"docsquare/ent"
	"docsquare/ent/comment"
	entdocument "docsquare/ent/document"
	"docsquare/ent/user"
	"docsquare/internal/cache"
	"docsquare/internal/cli/seed"
	"docsquare/internal/config"
	"docsquare/internal/counters"
	"docsquare/internal/document"
	"docsquare/internal/kinds"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

var now = time.Date(2026, 5, 20, 15, 4, 5, 0, time.UTC)

func TestMain(m *testing.M) { testkit.Main(m) }

// both runs a test on both databases.
func both(t *testing.T, test func(t *testing.T, dialect string)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) { test(t, dialect) })
	}
}

// open opens an empty database and keeps the tags of its writes.
func open(tb testing.TB, dialect string) (*store.Store, *[]string) {
	tb.Helper()
	var tags []string
	inv := store.Invalidation{
		Tags: kinds.Touched,
		Replace: func(_ context.Context, t []string) error {
			tags = append(tags, t...)
			return nil
		},
	}
	s, err := store.Open(tb.Context(), testkit.Database(tb, dialect), inv, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s, &tags
}

// library writes public documents and one that is private.
func library(tb testing.TB, s *store.Store, public int) {
	tb.Helper()
	ctx := tb.Context()
	err := s.Write(ctx, func(tx *store.Tx) error {
		u, err := tx.User.Create().SetUsername("author").SetEmail("author@example.org").SetDisplayName("Author").Save(ctx)
		if err != nil {
			return err
		}
		if err := tx.UserStats.Create().SetUserID(u.ID).Exec(ctx); err != nil {
			return err
		}
		for i := range public + 1 {
			at := now.AddDate(0, 0, -i)
			d := &ent.Document{
				AuthorID: u.ID, Title: fmt.Sprintf("Document %d", i), Format: entdocument.FormatMD, CreatedAt: at, UpdatedAt: at,
				Visibility: entdocument.VisibilityPublic, Tags: []string{},
			}
			if i == public {
				d.Visibility = entdocument.VisibilityPrivate
			} else if i%2 == 1 {
				d.Title = fmt.Sprintf("第 %d 篇", i)
			}
			if _, err := document.Insert(ctx, tx, document.Prepare(search.New(s), d, "text")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func run(tb testing.TB, s *store.Store, o seed.Options) {
	tb.Helper()
	if err := seed.Run(tb.Context(), s, o); err != nil {
		tb.Fatal(err)
	}
	testkit.Must(tb, counters.Rebuild(tb.Context(), s, func(int, int) {}))
}

var small = seed.Options{Users: 30, Interactions: 900, Seed: 7, Now: now}

// rows is every row that a seed writes, without what differs between two databases: the documents' identifiers.
func rows(t *testing.T, s *store.Store) []string {
	t.Helper()
	ctx := t.Context()
	var out []string
	for _, l := range s.DB.Like.Query().WithUser().WithDocument().AllX(ctx) {
		out = append(out, fmt.Sprint("like ", l.Edges.User.Username, l.Edges.Document.Title, l.CreatedAt))
	}
	for _, f := range s.DB.Favorite.Query().WithUser().WithDocument().AllX(ctx) {
		out = append(out, fmt.Sprint("favorite ", f.Edges.User.Username, f.Edges.Document.Title, f.CreatedAt))
	}
	for _, c := range s.DB.Comment.Query().WithAuthor().WithDocument().AllX(ctx) {
		out = append(out, fmt.Sprint("comment ", c.ID, c.Edges.Author.Username, c.Edges.Document.Title, c.CreatedAt, c.ParentID, c.Body))
	}
	for _, l := range s.DB.CommentLike.Query().WithUser().AllX(ctx) {
		out = append(out, fmt.Sprint("like of a comment ", l.Edges.User.Username, l.CommentID, l.CreatedAt))
	}
	for _, v := range s.DB.ViewDay.Query().WithDocument().AllX(ctx) {
		out = append(out, fmt.Sprint("views ", v.Edges.Document.Title, v.Day, v.Views))
	}
	slices.Sort(out)
	return out
}

func TestSeedIsDeterministic(t *testing.T) { both(t, deterministic) }

func deterministic(t *testing.T, dialect string) {
	t.Helper()
	a, _ := open(t, dialect)
	b, _ := open(t, dialect)
	library(t, a, 12)
	library(t, b, 12)
	run(t, a, small)
	run(t, b, small)
	first := rows(t, a)
	if diff := cmp.Diff(first, rows(t, b)); diff != "" {
		t.Errorf("two databases differ: %s", diff)
	}
	again := small
	again.Now = again.Now.Add(3 * time.Hour)
	run(t, a, again)
	if diff := cmp.Diff(first, rows(t, a)); diff != "" {
		t.Errorf("a second run has changed something: %s", diff)
	}
	if n := a.DB.User.Query().Where(user.UsernameHasPrefix("reader-")).CountX(t.Context()); n != small.Users {
		t.Errorf("%d readers", n)
	}
	other := small
	other.Seed, other.Users = 8, 40
	run(t, a, other)
	if len(rows(t, a)) <= len(first) {
		t.Error("another seed has added nothing")
	}
}

func TestSeedCounts(t *testing.T) { both(t, counts) }

func counts(t *testing.T, dialect string) {
	t.Helper()
	s, tags := open(t, dialect)
	library(t, s, 12)
	*tags = nil
	run(t, s, small)
	if !slices.Contains(*tags, cache.Everything) {
		t.Errorf("the cache was not emptied: %v", *tags)
	}
	ctx := t.Context()
	likes, favorites, comments := s.DB.Like.Query().CountX(ctx), s.DB.Favorite.Query().CountX(ctx), s.DB.Comment.Query().CountX(ctx)
	if likes == 0 || favorites != 180 || comments != 270 || s.DB.Comment.Query().Where(comment.ParentIDNotNil()).CountX(ctx) == 0 {
		t.Errorf("%d likes, %d favorites, %d comments", likes, favorites, comments)
	}
	for _, d := range s.DB.Document.Query().WithStats().WithLikes().WithFavorites().WithComments().WithViewDays().AllX(ctx) {
		var views int64
		for _, v := range d.Edges.ViewDays {
			views += v.Views
			if at := time.Unix(int64(v.Day)*86400, 0); at.After(now) || at.Before(d.CreatedAt.Truncate(24*time.Hour)) {
				t.Errorf("views on day %d", v.Day)
			}
		}
		tops := 0
		for _, c := range d.Edges.Comments {
			if c.ParentID == nil {
				tops++
			}
			within(t, d, c.CreatedAt)
		}
		for _, l := range d.Edges.Likes {
			within(t, d, l.CreatedAt)
		}
		got, want := *d.Edges.Stats, *d.Edges.Stats
		want.Views, want.Likes, want.Favorites = views, len(d.Edges.Likes), len(d.Edges.Favorites)
		want.Comments, want.TopComments = len(d.Edges.Comments), tops
		want.Popularity = want.Likes + want.Favorites + want.Comments
		if got.String() != want.String() {
			t.Errorf("%s, not %s", &got, &want)
		}
		if private := d.Visibility == entdocument.VisibilityPrivate; private != (got.Popularity == 0) {
			t.Errorf("%s %s has popularity %d", d.Visibility, d.Title, got.Popularity)
		}
	}
	sums := s.DB.UserStats.Query().AllX(ctx)
	for _, u := range sums {
		likes, favorites, comments = likes-u.Likes, favorites-u.Favorites, comments-u.Comments
	}
	if likes != 0 || favorites != 0 || comments != 0 {
		t.Error("the readers' counters do not add up")
	}
}

func within(t *testing.T, d *ent.Document, at time.Time) {
	t.Helper()
	if at.Before(d.CreatedAt) || at.After(now) && at.After(d.CreatedAt) {
		t.Errorf("%v is not between %v and %v", at, d.CreatedAt, now)
	}
}

// replies looks for replies before what they answer, to replies, and on other documents.
func TestSeedReplies(t *testing.T) { both(t, replies) }

func replies(t *testing.T, dialect string) {
	t.Helper()
	s, _ := open(t, dialect)
	library(t, s, 5)
	run(t, s, small)
	for _, c := range s.DB.Comment.Query().Where(comment.ParentIDNotNil()).WithParent().AllX(t.Context()) {
		p := c.Edges.Parent
		if p.ParentID != nil || p.DocumentID != c.DocumentID || c.CreatedAt.Before(p.CreatedAt) {
			t.Errorf("%v answers %v", c, p)
		}
	}
}

func TestSeedNeedsDocuments(t *testing.T) {
	s, _ := open(t, "sqlite")
	if err := seed.Run(t.Context(), s, small); err == nil {
		t.Error("a community around nothing")
	}
}

func TestSample(t *testing.T) { both(t, sample) }

func sample(t *testing.T, dialect string) {
	t.Helper()
	a := apptest.Open(t, testkit.Database(t, dialect), servicetest.Tiers{})
	s, accounts, ctx := a.Store, a.Accounts, t.Context()
	log := slog.New(slog.DiscardHandler)
	if first, err := seed.First(ctx, s, accounts, false, log); err != nil || first {
		t.Fatal("a server in production gets samples", first, err)
	}
	if first, err := seed.First(ctx, s, accounts, true, log); err != nil || !first {
		t.Fatal(first, err)
	}
	if first, err := seed.First(ctx, s, accounts, true, log); err != nil || first {
		t.Fatal(first, err)
	}
	if _, err := accounts.Login(ctx, config.DemoUsername, config.DemoPassword, viewer.Viewer{}); err != nil {
		t.Error(err)
	}
	var authors []struct {
		Username string
		Count    int
	}
	err := s.DB.Document.Query().Modify(func(sel *entsql.Selector) {
		u := entsql.Table("users")
		sel.Join(u).On(sel.C("author_id"), u.C("id")).GroupBy(u.C("username")).OrderBy(u.C("username"))
		sel.Select(u.C("username"), entsql.As("COUNT(*)", "count"))
	}).Scan(ctx, &authors)
	if err != nil || fmt.Sprint(authors) != "[{demo 2} {guide 6} {handbook 6}]" {
		t.Error(authors, err)
	}
}
