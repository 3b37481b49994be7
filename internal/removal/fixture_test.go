package removal_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/internal/counters"
	"docsquare/internal/search"
	"docsquare/internal/services"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

const manyReaders = 450 // who like one document and comment on it, and on whose comments the account replies

// prolific makes ann an account with very many rows of all kinds, past the services.
func prolific(t *testing.T, site *services.Site, documents int) {
	t.Helper()
	ctx := servicetest.PastServices(t.Context())
	readers := make([]uuid.UUID, manyReaders)
	testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error {
		for i := range readers {
			readers[i] = uuid.New()
		}
		return firstError(
			tx.User.MapCreateBulk(readers, func(c *ent.UserCreate, i int) {
				c.SetID(readers[i]).SetUsername(fmt.Sprintf("reader-%d", i)).SetEmail(fmt.Sprintf("%d@example.org", i)).SetDisplayName("Reader")
			}).Exec(ctx),
			tx.UserStats.MapCreateBulk(readers, func(c *ent.UserStatsCreate, i int) { c.SetUserID(readers[i]) }).Exec(ctx),
		)
	}))
	index := search.New(site.Store)
	testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error {
		for from := 0; from < documents; from += 250 {
			if err := writePrivate(ctx, tx, from, from+250); err != nil {
				return err
			}
		}
		for i := 0; i < documents; i += 100 {
			if err := publish(ctx, tx, index, i); err != nil {
				return err
			}
		}
		return nil
	}))
	testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error { return interact(ctx, tx, readers) }))
	testkit.Must(t, counters.Rebuild(t.Context(), site.Store, func(int, int) {}))
}

// writePrivate writes documents of ann's.
func writePrivate(ctx context.Context, tx *store.Tx, from, to int) error {
	ids := make([]uuid.UUID, 0, to-from)
	for i := from; i < to; i++ {
		ids = append(ids, servicetest.ID(fmt.Sprintf("many %d", i)))
	}
	title := func(i int) string { return fmt.Sprintf("One of many %d", from+i) }
	return firstError(
		tx.Document.MapCreateBulk(ids, func(c *ent.DocumentCreate, i int) {
			c.SetID(ids[i]).SetAuthorID(ann).SetTitle(title(i)).SetTags([]string{})
		}).Exec(ctx),
		tx.Revision.MapCreateBulk(ids, func(c *ent.RevisionCreate, i int) {
			c.SetDocumentID(ids[i]).SetNumber(1).SetTitle(title(i)).SetBody("text")
		}).Exec(ctx),
		tx.DocumentStats.MapCreateBulk(ids, func(c *ent.DocumentStatsCreate, i int) { c.SetDocumentID(ids[i]) }).Exec(ctx),
	)
}

// publish makes a document of ann's public.
func publish(ctx context.Context, tx *store.Tx, index search.Index, i int) error {
	tags := []string{"graph", fmt.Sprintf("tag-%d", i%7)}
	d, err := tx.Document.UpdateOneID(servicetest.ID(fmt.Sprintf("many %d", i))).SetVisibility(document.VisibilityPublic).SetPublishedAt(servicetest.Base).SetTags(tags).Save(ctx)
	if err != nil {
		return err
	}
	return firstError(counters.Hold(ctx, tx, d), counters.List(ctx, tx, d, 1), search.Put(ctx, tx, d, index.Analyse(d, "text")))
}

// interact has readers like ann's first document and comment on it, and ann reply to comments of theirs on doc02, which is bob's.
func interact(ctx context.Context, tx *store.Tx, readers []uuid.UUID) error {
	own, others := servicetest.ID("many 0"), servicetest.ID("doc02")
	tops := make([]uuid.UUID, len(readers))
	for i := range tops {
		tops[i] = servicetest.ID(fmt.Sprintf("top %d", i))
	}
	of := func(c *ent.CommentCreate, document, author uuid.UUID) *ent.CommentCreate {
		return c.SetDocumentID(document).SetAuthorID(author).SetBody("a comment")
	}
	return firstError(
		tx.Like.MapCreateBulk(readers, func(c *ent.LikeCreate, i int) { c.SetDocumentID(own).SetUserID(readers[i]) }).Exec(ctx),
		tx.Comment.MapCreateBulk(readers, func(c *ent.CommentCreate, i int) { of(c, own, readers[i]) }).Exec(ctx),
		tx.Comment.MapCreateBulk(readers, func(c *ent.CommentCreate, i int) { of(c, others, readers[i]).SetID(tops[i]) }).Exec(ctx),
		tx.Comment.MapCreateBulk(readers, func(c *ent.CommentCreate, i int) { of(c, others, ann).SetParentID(tops[i]) }).Exec(ctx),
		of(tx.Comment.Create(), others, ann).SetID(servicetest.ID("thread")).Exec(ctx),
		tx.CommentLike.MapCreateBulk(readers, func(c *ent.CommentLikeCreate, i int) {
			c.SetUserID(readers[i]).SetCommentID(servicetest.ID("thread")).SetDocumentID(others)
		}).Exec(ctx),
		tx.CommentLike.MapCreateBulk(tops, func(c *ent.CommentLikeCreate, i int) {
			c.SetUserID(ann).SetCommentID(tops[i]).SetDocumentID(others)
		}).Exec(ctx),
		tx.Comment.MapCreateBulk(readers, func(c *ent.CommentCreate, i int) { of(c, others, readers[i]).SetParentID(servicetest.ID("thread")) }).Exec(ctx),
	)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// sameAsRecounted compares every counter with the rows.
func sameAsRecounted(t *testing.T, site *services.Site) {
	t.Helper()
	kept := counted(t, site)
	testkit.Must(t, counters.Rebuild(t.Context(), site.Store, func(int, int) {}))
	if diff := cmp.Diff(counted(t, site), kept); diff != "" {
		t.Errorf("the counters (-rows +kept): %s", diff)
	}
}

func counted(t *testing.T, site *services.Site) map[string]any {
	t.Helper()
	ctx, db := t.Context(), site.Store.DB
	totals, err := counters.Site(ctx, site.Store)
	testkit.Must(t, err)
	all := map[string]any{"site": totals}
	for _, st := range db.DocumentStats.Query().AllX(ctx) {
		all["document "+st.DocumentID.String()] = []any{st.Likes, st.Favorites, st.Comments, st.TopComments, st.Popularity, st.Views, st.Listed}
	}
	for _, st := range db.UserStats.Query().AllX(ctx) {
		all["user "+st.UserID.String()] = []int{st.Documents, st.Comments, st.Likes, st.Favorites}
	}
	for _, c := range db.Comment.Query().Where(comment.LikesNEQ(0)).AllX(ctx) {
		all["comment "+c.ID.String()] = c.Likes
	}
	for _, x := range db.Category.Query().AllX(ctx) {
		all["category "+x.Name] = x.Documents
	}
	for _, x := range db.Tag.Query().AllX(ctx) {
		all["tag "+x.Name] = x.Documents
	}
	return all
}
