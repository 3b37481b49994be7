package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/graph"
	"docsquare/graph/exec"
	"docsquare/internal/counters"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

const (
	manyDocuments = 250
	manyComments  = 100 // on each document
)

// BenchmarkLargeList answers 250 documents with 100 comments each, and their authors, on both runtimes over the same resolvers.
// Everything is in the near tier.
func BenchmarkLargeList(b *testing.B) {
	database := servicetest.Community(b, "sqlite")
	app := apptest.Open(b, database, servicetest.Tiers{})
	ids := fillLargeList(b, app.Store)
	query := `query ($a: [ID!]!, $b: [ID!]!, $c: [ID!]!) { a: nodes(ids: $a) { ...F } b: nodes(ids: $b) { ...F } c: nodes(ids: $c) { ...F } }
		fragment F on Document { id title author { id username } comments(first: 100) { nodes { id body createdAt author { id username } } } }`
	variables := map[string]any{"a": ids[:100], "b": ids[100:200], "c": ids[200:]}
	for _, r := range []struct {
		name   string
		schema graphql.ExecutableSchema
	}{{"gqlgen", graph.Schema(app.Sources)}, {"exec", graph.Executor(app.Sources, exec.Options{})}} {
		runtime := graph.NewRuntime(app.Sources, r.schema, time.Minute)
		b.Run(r.name, func(b *testing.B) {
			answerLarge(b, runtime, query, variables)
			b.ReportAllocs()
			for b.Loop() {
				answerLarge(b, runtime, query, variables)
			}
		})
	}
}

func answerLarge(b *testing.B, runtime *executor.Executor, query string, variables map[string]any) {
	b.Helper()
	ctx := graphql.StartOperationTrace(b.Context())
	op, errs := runtime.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	responses, ctx := runtime.DispatchOperation(ctx, op)
	if response := responses(ctx); len(response.Errors) > 0 || len(response.Data) < manyDocuments*manyComments*100 {
		b.Fatalf("%d bytes, errors %v", len(response.Data), response.Errors)
	}
}

// fillLargeList writes the documents and returns their global identifiers.
func fillLargeList(b *testing.B, s *store.Store) []any {
	b.Helper()
	ids, users := make([]any, manyDocuments), []string{"ann", "bob", "cy"}
	testkit.Must(b, s.Write(b.Context(), func(tx *store.Tx) error {
		for i := range manyDocuments {
			d, err := tx.Document.Create().SetAuthorID(servicetest.ID(users[i%3])).SetTitle(fmt.Sprint("Large ", i)).SetSummary("").
				SetVisibility(entdocument.VisibilityPublic).SetPublishedAt(servicetest.Base).Save(b.Context())
			if err != nil {
				return err
			}
			ids[i] = d.NodeID().String()
			if err := counters.Begin(b.Context(), tx, d); err != nil {
				return err
			}
			if err := tx.Comment.CreateBulk(commentsOn(tx, d.ID, users)...).Exec(b.Context()); err != nil {
				return err
			}
		}
		return nil
	}))
	return ids
}

func commentsOn(tx *store.Tx, document uuid.UUID, users []string) []*ent.CommentCreate {
	list := make([]*ent.CommentCreate, manyComments)
	for i := range list {
		at := servicetest.Base.Add(time.Duration(i) * time.Second)
		list[i] = tx.Comment.Create().SetDocumentID(document).SetAuthorID(servicetest.ID(users[i%3])).SetBody(fmt.Sprint("Comment ", i)).SetCreatedAt(at).SetUpdatedAt(at)
	}
	return list
}
