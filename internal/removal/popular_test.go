package removal_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/removal"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestThreadIsDeletedInPortions deletes a comment with more replies than a transaction may delete.
func TestThreadIsDeletedInPortions(t *testing.T) {
	site := servicetest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	top, ctx := servicetest.ID("doc01/c1"), servicetest.PastServices(t.Context())
	replies := make([]int, 2*removal.Rows+1)
	readers := make([]uuid.UUID, removal.Rows+1) // who like it
	testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error {
		for i := range readers {
			readers[i] = uuid.New()
		}
		return firstError(
			tx.Comment.MapCreateBulk(replies, func(c *ent.CommentCreate, _ int) {
				c.SetDocumentID(servicetest.ID("doc01")).SetAuthorID(bob).SetParentID(top).SetBody("a reply")
			}).Exec(ctx),
			tx.User.MapCreateBulk(readers, func(c *ent.UserCreate, i int) {
				c.SetID(readers[i]).SetUsername(fmt.Sprintf("reader-%d", i)).SetEmail(fmt.Sprintf("%d@example.org", i)).SetDisplayName("R")
			}).Exec(ctx),
			tx.CommentLike.MapCreateBulk(readers, func(c *ent.CommentLikeCreate, i int) {
				c.SetUserID(readers[i]).SetCommentID(top).SetDocumentID(servicetest.ID("doc01"))
			}).Exec(ctx),
		)
	}))
	testkit.Must(t, counters.Rebuild(t.Context(), site.Store, func(int, int) {}))
	most := 0
	site.Store.DB.Comment.Use(func(next ent.Mutator) ent.Mutator {
		return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
			v, err := next.Mutate(ctx, m)
			if n, ok := v.(int); ok {
				most = max(most, n)
			}
			return v, err
		})
	})
	gone, err := site.Interactions.DeleteComment(t.Context(), viewer.Viewer{UserID: ann}, top)
	if err != nil || gone.ID != top || most > removal.Rows+1 {
		t.Errorf("deleted %v, with %d rows at once: %v", gone, most, err)
	}
	if n := site.Store.DB.Comment.Query().Where(comment.Or(comment.ID(top), comment.ParentID(top))).CountX(t.Context()); n > 0 {
		t.Errorf("%d rows are left", n)
	}
	if ids := site.Store.DB.DeletedComment.Query().AllX(t.Context()); len(ids) != 1 || ids[0].CommentID != top {
		t.Errorf("%d deletions are recorded, want that of the comment", len(ids))
	}
	sameAsRecounted(t, site)
}

// TestDeletionsAreForgotten deletes records of deletions that are older than a day, however many they are.
func TestDeletionsAreForgotten(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			ages, ctx := make([]time.Duration, 2300), servicetest.PastServices(t.Context())
			for i := range ages {
				ages[i] = 25 * time.Hour
			}
			ages[7], ages[8] = time.Hour, 23*time.Hour
			for part := range slices.Chunk(ages, 500) {
				testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error {
					return tx.DeletedComment.MapCreateBulk(part, func(c *ent.DeletedCommentCreate, i int) {
						c.SetCommentID(uuid.New()).SetDocumentID(servicetest.ID("doc01")).SetCreatedAt(time.Now().Add(-part[i]))
					}).Exec(ctx)
				}))
			}
			n, err := counters.ForgetDeleted(t.Context(), site.Store)
			if left := site.Store.DB.DeletedComment.Query().CountX(t.Context()); err != nil || n != len(ages)-2 || left != 2 {
				t.Errorf("%d records were deleted, and %d are left: %v", n, left, err)
			}
		})
	}
}

// TestPopularDocumentIsRemovedInPortions deletes a document with more likes than a portion has. It is gone for every reader at once.
func TestPopularDocumentIsRemovedInPortions(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			site := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			popular := servicetest.ID("doc01")
			ctx := servicetest.PastServices(t.Context())
			testkit.Must(t, site.Store.Write(ctx, func(tx *store.Tx) error {
				for i := range removal.Rows + 1 {
					u, err := tx.User.Create().SetUsername(fmt.Sprintf("reader-%d", i)).SetEmail(fmt.Sprintf("%d@example.org", i)).SetDisplayName("R").Save(ctx)
					if err != nil {
						return err
					}
					if err := firstError(tx.UserStats.Create().SetUserID(u.ID).Exec(ctx), tx.Like.Create().SetDocumentID(popular).SetUserID(u.ID).Exec(ctx)); err != nil {
						return err
					}
				}
				return nil
			}))
			testkit.Must(t, counters.Rebuild(t.Context(), site.Store, func(int, int) {}))
			found := func() bool {
				docs, err := site.Documents.ByIDs(t.Context(), []uuid.UUID{popular})
				testkit.Must(t, err)
				return docs[popular] != nil
			}
			if !found() {
				t.Fatal("the document is not there")
			}
			testkit.Must(t, site.Documents.Delete(t.Context(), viewer.Viewer{UserID: ann}, popular))
			if found() {
				t.Error("the document is still found")
			}
			if !site.Store.DB.Document.Query().Where(document.ID(popular)).ExistX(t.Context()) {
				t.Error("its rows were deleted in one transaction")
			}
			if err := site.Documents.Delete(t.Context(), viewer.Viewer{UserID: ann}, popular); !errs.Is(err, errs.NotFound) {
				t.Errorf("deleted again: %v", err)
			}
			testkit.Must(t, site.Removals.Finish(t.Context()))
			if site.Store.DB.Document.Query().Where(document.ID(popular)).ExistX(t.Context()) || site.Store.DB.Removal.Query().ExistX(t.Context()) {
				t.Error("the removal has not ended")
			}
			sameAsRecounted(t, site)
		})
	}
}
