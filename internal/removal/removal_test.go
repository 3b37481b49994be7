package removal_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/comment"
	"docsquare/ent/deletedcomment"
	"docsquare/ent/document"
	"docsquare/ent/like"
	"docsquare/internal/account"
	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
	"docsquare/internal/removal"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var ann, bob = servicetest.ID("ann"), servicetest.ID("bob")

// TestAccountIsRemovedInPortions deletes an account with thousands of rows. From the answer on no read shows anything of it. Its rows go in
// bounded transactions, between which others write, and a new worker goes on where another has stopped.
func TestAccountIsRemovedInPortions(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app := apptest.Open(t, servicetest.Community(t, dialect), servicetest.Tiers{})
			prolific(t, app.Site, map[string]int{"sqlite": 2000, "postgres": 1000}[dialect])
			in, err := app.Accounts.SignIn(t.Context(), ann, viewer.Viewer{})
			testkit.Must(t, err)
			look(t, app, true) // so that the cache has it
			_, err = app.Accounts.Delete(t.Context(), viewer.Viewer{UserID: ann}, account.Confirmation{Password: servicetest.Password})
			testkit.Must(t, err)
			look(t, app, false)
			signedOut(t, app, in.Token)

			worker := removal.New(app.Store, slog.New(slog.DiscardHandler))
			if n := steps(t, app, worker, 40); n < 40 {
				t.Fatalf("all is done after %d portions: the test is blind", n)
			}
			look(t, app, false)
			successor := removal.New(app.Store, slog.New(slog.DiscardHandler))
			steps(t, app, successor, 100_000)
			look(t, app, false)
			nothingLeft(t, app)
			sameAsRecounted(t, app.Site)
		})
	}
}

// look reads what belongs to the account in the ways of other viewers, and compares whether that is there.
func look(t *testing.T, app *apptest.App, want bool) {
	t.Helper()
	ctx := t.Context()
	users, err := app.Accounts.ByIDs(ctx, []uuid.UUID{ann})
	testkit.Must(t, err)
	names, err := app.Accounts.ByUsernames(ctx, []string{"ann"})
	testkit.Must(t, err)
	documents, err := app.Documents.ByIDs(ctx, []uuid.UUID{servicetest.ID("many 0"), servicetest.ID("doc01"), servicetest.ID("linked")})
	testkit.Must(t, err)
	comments, err := app.Interactions.CommentsByIDs(ctx, []uuid.UUID{servicetest.ID("thread"), servicetest.ID("doc02/c1")})
	testkit.Must(t, err)
	_, signsIn, err := app.Accounts.ForSignIn(ctx, "ann@example.org")
	testkit.Must(t, err)
	for what, found := range map[string]bool{
		"account": users[ann] != nil, "username": names["ann"] != uuid.Nil, "address": signsIn, "document": documents[servicetest.ID("many 0")] != nil,
		"first document": documents[servicetest.ID("doc01")] != nil, "unlisted document": documents[servicetest.ID("linked")] != nil,
		"thread": comments[servicetest.ID("thread")] != nil, "comment": comments[servicetest.ID("doc02/c1")] != nil,
	} {
		if found != want {
			t.Errorf("the %s is found: %v", what, found)
		}
	}
	query := fmt.Sprintf(`{ user(username: "ann") { id } node(id: %q) { id } documents(first: 100) { nodes { author { username } } } search(query: "many") { edges { snippets { html } node { title } } } }`,
		nodeid.ID{Type: nodeid.Comment, UUID: servicetest.ID("thread")})
	answer, err := app.Do(ctx, query, nil, "")
	testkit.Must(t, err)
	shown := string(answer.Data)
	for _, text := range []string{`"ann"`, "One of", nodeid.ID{Type: nodeid.Comment, UUID: servicetest.ID("thread")}.String()} {
		if found := strings.Contains(shown, text); found != want {
			t.Errorf("guests are shown %s: %v in %.300s", text, found, shown)
		}
	}
	err = app.Interactions.Like(ctx, viewer.Viewer{UserID: bob}, servicetest.ID("doc01"))
	if want != (err == nil) || err != nil && !errs.Is(err, errs.NotFound) {
		t.Errorf("a like of a document: %v", err)
	}
}

func signedOut(t *testing.T, app *apptest.App, token string) {
	t.Helper()
	if _, err := app.Accounts.Authenticate(t.Context(), token); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a session of the account: %v", err)
	}
	if _, err := app.Accounts.Login(t.Context(), "ann", servicetest.Password, viewer.Viewer{}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a sign-in to the account: %v", err)
	}
	if _, err := app.Accounts.SignIn(t.Context(), ann, viewer.Viewer{}); err == nil {
		t.Error("a session of the account was opened")
	}
	if _, err := app.Accounts.Register(t.Context(), account.Registration{Username: "ann", Email: "ann@example.org", Password: servicetest.Password}, viewer.Viewer{}); err != nil {
		t.Errorf("the username is not free: %v", err)
	}
	users, err := app.Accounts.ByUsernames(t.Context(), []string{"ann"})
	testkit.Must(t, err)
	_, err = app.Accounts.Delete(t.Context(), viewer.Viewer{UserID: users["ann"]}, account.Confirmation{Password: servicetest.Password}) // or look would find it
	testkit.Must(t, err)
}

// steps runs portions of the removal, at most so many, while bob writes. Each has a bounded number of statements and rows.
func steps(t *testing.T, app *apptest.App, w *removal.Worker, most int) (n int) {
	t.Helper()
	const rows, statements = 12 * removal.Rows, 400
	for more := true; more && n < most; n++ {
		ctx, record := record.With(t.Context())
		var err error
		more, err = w.Step(ctx, ann)
		testkit.Must(t, err)
		sum, r := 0, record.Report().SQL
		for _, s := range r.List {
			sum += s.Rows
		}
		if sum > rows || r.Statements > statements {
			t.Errorf("portion %d has %d statements and %d rows", n, r.Statements, sum)
		}
		if n%20 == 0 {
			testkit.Must(t, app.Interactions.Like(t.Context(), viewer.Viewer{UserID: bob}, servicetest.ID("doc04")))
			testkit.Must(t, app.Interactions.Unlike(t.Context(), viewer.Viewer{UserID: bob}, servicetest.ID("doc04")))
		}
	}
	return n
}

// nothingLeft checks that no row of the account is left, and that what others have is.
func nothingLeft(t *testing.T, app *apptest.App) {
	t.Helper()
	ctx, db := t.Context(), app.Store.DB
	testkit.Must(t, removal.New(app.Store, slog.New(slog.DiscardHandler)).Finish(ctx))
	for what, n := range map[string]int{
		"documents": db.Document.Query().Where(document.AuthorID(ann)).CountX(ctx), "comments": db.Comment.Query().Where(comment.AuthorID(ann)).CountX(ctx),
		"likes":             db.Like.Query().Where(like.DocumentID(servicetest.ID("many 0"))).CountX(ctx),
		"replies":           db.Comment.Query().Where(comment.ParentID(servicetest.ID("thread"))).CountX(ctx),
		"likes of comments": db.CommentLike.Query().CountX(ctx),
		"removals":          db.Removal.Query().CountX(ctx),
	} {
		if n > 0 {
			t.Errorf("%d %s are left", n, what)
		}
	}
	for text, c := range map[string]struct {
		id   string
		want int
	}{"its thread": {"thread", 1}, "its comment": {"doc02/c1", 1}, "a comment of another": {"doc02/c2", 0}} {
		if n := db.DeletedComment.Query().Where(deletedcomment.CommentID(servicetest.ID(c.id))).CountX(ctx); n != c.want {
			t.Errorf("the deletion of %s is recorded %d times, want %d", text, n, c.want)
		}
	}
	if n := db.Comment.Query().Where(comment.DocumentID(servicetest.ID("doc02")), comment.ParentIDIsNil(), comment.BodyEQ("a comment")).CountX(ctx); n != manyReaders {
		t.Errorf("%d of %d comments of others are left", n, manyReaders)
	}
}

// TestWorkerGoesOn removes an account while the worker is stopped again and again.
func TestWorkerGoesOn(t *testing.T) {
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	_, err := app.Accounts.Delete(t.Context(), viewer.Viewer{UserID: ann}, account.Confirmation{Password: servicetest.Password})
	testkit.Must(t, err)
	for left := true; left; left = app.Store.DB.Removal.Query().ExistX(t.Context()) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		removal.New(app.Store, slog.New(slog.DiscardHandler)).Run(ctx)
		cancel()
	}
	if n := app.Store.DB.Document.Query().Where(document.AuthorID(ann)).CountX(t.Context()); n > 0 {
		t.Errorf("%d documents are left", n)
	}
	sameAsRecounted(t, app.Site)
}
