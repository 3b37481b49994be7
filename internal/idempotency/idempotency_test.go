package idempotency_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/idempotencykey"
	"docsquare/ent/schema"
	documents "docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/idempotency"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var bob = viewer.Viewer{UserID: servicetest.ID("bob")}

func each(t *testing.T, run func(t *testing.T, app *services.Site)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app := servicetest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			run(t, app)
		})
	}
}

func key(t *testing.T, text string, input ...any) *idempotency.Key {
	t.Helper()
	k, err := idempotency.New(bob, &text, "test", input...)
	testkit.Must(t, err)
	return k
}

// TestRepeatedAtOneTime sends each mutation 8 times at one time with the same key: one object is created, and everybody gets it.
func TestRepeatedAtOneTime(t *testing.T) {
	each(t, func(t *testing.T, app *services.Site) {
		for name, create := range map[string]func(ctx context.Context) (uuid.UUID, error){
			"document": func(ctx context.Context) (uuid.UUID, error) {
				d, err := app.Documents.Create(ctx, bob, documents.Draft{Title: "同时", Body: "x", Format: document.FormatMD, Visibility: document.VisibilityPublic, Key: key(t, "document")})
				if err != nil {
					return uuid.Nil, err
				}
				return d.ID, nil
			},
			"comment": func(ctx context.Context) (uuid.UUID, error) {
				c, err := app.Interactions.AddComment(ctx, bob, servicetest.ID("doc01"), nil, "同时", key(t, "comment"))
				if err != nil {
					return uuid.Nil, err
				}
				return c.ID, nil
			},
			"file": func(ctx context.Context) (uuid.UUID, error) {
				f, err := app.Uploads.Send(ctx, bob, upload.Announcement{Name: "a.txt", Size: 6, Key: key(t, "file")}, strings.NewReader("同时"))
				if err != nil {
					return uuid.Nil, err
				}
				return f.ID, nil
			},
		} {
			var all sync.WaitGroup
			ids := make([]uuid.UUID, 8)
			for i := range ids {
				all.Go(func() {
					var err error
					if ids[i], err = create(t.Context()); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			all.Wait()
			for _, id := range ids {
				if id != ids[0] || id == uuid.Nil {
					t.Errorf("%s: %v", name, ids)
					break
				}
			}
		}
		ctx, db := t.Context(), app.Store.DB
		if n, m := db.Document.Query().Where(document.Title("同时")).CountX(ctx), db.Comment.Query().Where(comment.Body("同时")).CountX(ctx); n != 1 || m != 1 {
			t.Errorf("%d documents and %d comments", n, m)
		}
		if n := db.File.Query().CountX(ctx); n != 2 { // with that of the community
			t.Errorf("%d files", n)
		}
	})
}

// TestKeys lists what a key does with another input, account or time.
func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, app *services.Site) {
		ctx := t.Context()
		create := func(k *idempotency.Key) (uuid.UUID, error) {
			d, err := app.Documents.Create(ctx, bob, documents.Draft{Title: "t", Body: "x", Format: document.FormatMD, Visibility: document.VisibilityPrivate, Key: k})
			if err != nil {
				return uuid.Nil, err
			}
			return d.ID, nil
		}
		first, err := create(key(t, "k", 1, "甲"))
		testkit.Must(t, err)
		if again, err := create(key(t, "k", 1, "甲")); err != nil || again != first {
			t.Errorf("repeated: %v, %v", again, err)
		}
		if other, err := create(key(t, "K", 1, "甲")); err != nil || other == first {
			t.Errorf("another key: %v, %v", other, err)
		}
		for _, input := range [][]any{{1, "乙"}, {2, "甲"}, {}, {"1", "甲"}} {
			if _, err := create(key(t, "k", input...)); !errs.Is(err, errs.Conflict) || errs.As(err).Field != "clientMutationId" {
				t.Errorf("with the input %v: %v", input, err)
			}
		}
		testkit.Must(t, app.Documents.Delete(ctx, bob, first))
		if _, err := create(key(t, "k", 1, "甲")); !errs.Is(err, errs.NotFound) || !strings.Contains(err.Error(), "send a new key") {
			t.Errorf("of a deleted document: %v", err)
		}
		old := schema.Now().Add(-idempotency.Lifetime - time.Minute)
		testkit.Must(t, app.Store.DB.IdempotencyKey.Create().SetUserID(bob.UserID).SetKey("old").SetInputHash([]byte("x")).SetResult(first).SetCreatedAt(old).Exec(ctx))
		if id, err := create(key(t, "old")); err != nil || id == first {
			t.Errorf("an expired key: %v, %v", id, err)
		}
		if n := app.Store.DB.IdempotencyKey.Query().Where(idempotencykey.Key("old")).CountX(ctx); n != 1 {
			t.Errorf("%d rows of one key", n)
		}
	})
}

// TestExpire deletes what has expired, in portions, and nothing else.
func TestExpire(t *testing.T) {
	each(t, func(t *testing.T, app *services.Site) {
		ctx, db := t.Context(), app.Store.DB
		testkit.Must(t, db.IdempotencyKey.Create().SetUserID(bob.UserID).SetKey("new").SetInputHash([]byte("x")).SetResult(uuid.New()).Exec(ctx))
		old := schema.Now().Add(-idempotency.Lifetime - time.Second)
		rows := make([]*ent.IdempotencyKeyCreate, 1100)
		for i := range rows {
			rows[i] = db.IdempotencyKey.Create().SetUserID(bob.UserID).SetKey(string(rune('一' + i))).SetInputHash([]byte("x")).SetResult(uuid.New()).SetCreatedAt(old)
		}
		testkit.Must(t, db.IdempotencyKey.CreateBulk(rows...).Exec(ctx))
		n, err := idempotency.Expire(ctx, app.Store)
		if left := db.IdempotencyKey.Query().CountX(ctx); err != nil || n != 1100 || left != 1 {
			t.Errorf("%d expired, %d are left, %v", n, left, err)
		}
	})
}

// TestBadKeys refuses keys that are none, and guests.
func TestBadKeys(t *testing.T) {
	for _, text := range []string{"", strings.Repeat("字", 129), "a\nb", "a\x00", "\x7f"} {
		if _, err := idempotency.New(bob, &text, "test"); !errs.Is(err, errs.BadUserInput) || errs.As(err).Field != "clientMutationId" {
			t.Errorf("%q: %v", text, err)
		}
	}
	text := "k"
	if _, err := idempotency.New(viewer.Viewer{}, &text, "test"); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a guest: %v", err)
	}
	if k, err := idempotency.New(viewer.Viewer{}, nil, "test"); k != nil || err != nil {
		t.Errorf("without a key: %v, %v", k, err)
	}
}

// TestBrokenUpload does not keep the key of a file that never arrived, and goes on with one whose request has broken off.
func TestBrokenUpload(t *testing.T) {
	each(t, func(t *testing.T, app *services.Site) {
		ctx := t.Context()
		announced := upload.Announcement{Name: "a.txt", Size: 9, Key: key(t, "f")}
		f, err := app.Uploads.Start(ctx, bob, announced)
		testkit.Must(t, err)
		_, err = app.Uploads.Append(ctx, f, 0, strings.NewReader("012"))
		testkit.Must(t, err)
		again, err := app.Uploads.Send(ctx, bob, announced, strings.NewReader("012345678"))
		if err != nil || again.ID != f.ID {
			t.Fatalf("%+v, %v", again, err)
		}
		if now, err := app.Uploads.Upload(ctx, bob, f.ID); err != nil || now.Status != "STORED" || now.Received != 9 {
			t.Errorf("%+v, %v", now, err)
		}
		refused := upload.Announcement{Name: "a.svg", Size: 5, Key: key(t, "svg")}
		for range 2 {
			if _, err := app.Uploads.Send(ctx, bob, refused, strings.NewReader("<svg>")); !errs.Is(err, errs.BadUserInput) || !strings.Contains(err.Error(), "SVG") {
				t.Errorf("a refused file: %v", err)
			}
		}
	})
}
