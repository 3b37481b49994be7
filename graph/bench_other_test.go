package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/graph"
	"docsquare/internal/counters"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// otherQueries are pages that nothing was tuned for. In each, %d is replaced by a number.
var otherQueries = []struct{ name, query string }{
	{"search", `{ r%d: search(query: "document", first: 20) { totalCount edges { score snippets { field html }
		node { id title summary author { username displayName } stats { views likes } viewerHasLiked } } } }`},
	{"thread", `{ r%d: document(id: "{threaded}") { id title body author { username displayName } stats { views likes favorites comments }
		viewerHasLiked viewerHasFavorited comments(first: 50) { totalCount nodes { id body createdAt viewerCanDelete author { username displayName }
		replies(first: 3) { totalCount nodes { id body author { username displayName } } } } } } }`},
	{"profile", `{ r%d: viewer { id username displayName bio stats { documents } documents(first: 20) { totalCount nodes { id title stats { likes comments } } }
		favorites(first: 20) { totalCount nodes { id title author { username } stats { likes } } }
		likes(first: 20) { totalCount nodes { id title author { username } } } } }`},
}

// BenchmarkOtherPages answers pages that nothing was tuned for, as a signed-in account: on gqlgen's runtime with loaders and no cache
// (stock), on this server with every cache emptied before each request (cold), with a text that no request had before (new_text), and
// with all of it known (warm).
//
// Only stock leaves out HTTP, the sign-in, limits over time and records, so it has the advantage.
func BenchmarkOtherPages(b *testing.B) {
	database := servicetest.Community(b, "sqlite")
	app := apptest.Open(b, database, servicetest.Tiers{})
	threaded, token := fillThread(b, app.Store), app.Token(b, servicetest.ID("ann"))
	plain := apptest.Open(b, database, servicetest.Tiers{Far: true}) // no tier at all
	stock := graph.NewRuntime(plain.Sources, graph.Schema(plain.Sources), time.Minute)
	for _, q := range otherQueries {
		text := func(n int) string { return strings.ReplaceAll(fmt.Sprintf(q.query, n), "{threaded}", threaded) }
		ask := func(b *testing.B, n int) { request(b, app, text(n), token) }
		b.Run(q.name, func(b *testing.B) {
			b.Run("stock", func(b *testing.B) {
				for b.Loop() {
					answerStock(b, stock, text(0))
				}
			})
			b.Run("cold", func(b *testing.B) {
				for b.Loop() {
					b.StopTimer()
					testkit.Must(b, app.Cache.Replace(b.Context(), []string{"everything"}))
					b.StartTimer()
					ask(b, 0)
				}
			})
			n := 0
			b.Run("new_text", func(b *testing.B) {
				for b.Loop() {
					n++
					ask(b, n)
				}
			})
			b.Run("warm", func(b *testing.B) {
				ask(b, 0)
				for b.Loop() {
					ask(b, 0)
				}
			})
		})
	}
}

// BenchmarkStart answers one feed on a server that was just constructed: no plan, no entry and no statement is known.
func BenchmarkStart(b *testing.B) {
	database := servicetest.Community(b, "sqlite")
	b.Run("stock", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			app := apptest.Open(b, database, servicetest.Tiers{Far: true})
			b.StartTimer()
			answerStock(b, graph.NewRuntime(app.Sources, graph.Schema(app.Sources), time.Minute), feedQuery)
		}
	})
	b.Run("docsquare", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			app := apptest.Open(b, database, servicetest.Tiers{})
			b.StartTimer()
			request(b, app, feedQuery, "")
		}
	})
}

func answerStock(b *testing.B, runtime *executor.Executor, query string) {
	b.Helper()
	ctx := viewer.With(graphql.StartOperationTrace(b.Context()), viewer.Viewer{UserID: servicetest.ID("ann")})
	op, errs := runtime.CreateOperationContext(ctx, &graphql.RawParams{Query: query})
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	responses, ctx := runtime.DispatchOperation(ctx, op)
	if response := responses(ctx); len(response.Errors) > 0 {
		b.Fatal(response.Errors)
	}
}

// fillThread writes a document with 50 comments that have two replies each, and returns its global identifier.
func fillThread(b *testing.B, s *store.Store) (id string) {
	b.Helper()
	const threads = 50
	testkit.Must(b, s.Write(b.Context(), func(tx *store.Tx) error {
		d, err := tx.Document.Create().SetAuthorID(servicetest.ID("ann")).SetTitle("A thread").SetSummary("").
			SetVisibility(entdocument.VisibilityPublic).SetPublishedAt(servicetest.Base).Save(b.Context())
		if err != nil {
			return err
		}
		id = d.NodeID().String()
		if err := counters.Begin(b.Context(), tx, d); err != nil {
			return err
		}
		comments, err := tx.Comment.CreateBulk(commentsOn(tx, d.ID, []string{"ann", "bob", "cy"})[:threads]...).Save(b.Context())
		if err != nil {
			return err
		}
		return replyTo(b.Context(), tx, d.ID, comments)
	}))
	return id
}

func replyTo(ctx context.Context, tx *store.Tx, document uuid.UUID, comments []*ent.Comment) error {
	var replies []*ent.CommentCreate
	for _, c := range comments {
		for _, author := range []string{"bob", "cy"} {
			replies = append(replies, tx.Comment.Create().SetDocumentID(document).SetParentID(c.ID).SetAuthorID(servicetest.ID(author)).
				SetBody("A reply").SetCreatedAt(c.CreatedAt).SetUpdatedAt(c.UpdatedAt))
		}
	}
	return tx.Comment.CreateBulk(replies...).Exec(ctx)
}
