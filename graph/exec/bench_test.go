package exec_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

// largeLibrary has books with reviews each, and authors that they share.
func largeLibrary(books, reviews, authors int) *library {
	d := &library{authors: map[string]*author{}, books: map[string]*book{}, reviews: map[string]*review{}}
	for i := range authors {
		id := fmt.Sprint("a", i)
		d.authors[id] = &author{ID: id, Name: "Author " + id}
	}
	for i := range books {
		b := &book{ID: fmt.Sprint("b", i), Title: fmt.Sprint("Title ", i), Author: fmt.Sprint("a", i%authors), Year: 1900 + i}
		for j := range reviews {
			id := fmt.Sprintf("r%d.%d", i, j)
			d.reviews[id] = &review{ID: id, Text: "Text of review " + id, Author: fmt.Sprint("a", (i+j)%authors), Book: b.ID, Stars: 1 + j%5}
			b.Reviews = append(b.Reviews, id)
		}
		d.books[b.ID] = b
		d.front = append(d.front, b.ID)
	}
	return d
}

const (
	smallQuery = `{ books(first: 20) { id title year author { id name } } }`
	largeQuery = `{ books(first: 250) { id title author { name } reviews(first: 100) { id text stars author { id name } } } }`
)

// BenchmarkExecutor answers by the executor: 20 books with their authors, and 250 books with 100 reviews each and all authors.
func BenchmarkExecutor(b *testing.B) {
	d := largeLibrary(250, 100, 500)
	for name, query := range map[string]string{"20": smallQuery, "250x100": largeQuery} {
		b.Run(name, func(b *testing.B) {
			f := newFixture(d)
			f.use(exec.New(inner{}, generated(tables(f.faults, d)), edges(f.faults), exec.Options{Env: func(context.Context) exec.Env {
				e := newEnv(d, f.faults)
				e.quiet = true
				return e
			}}))
			ctx, _ := f.operation(b, query)
			b.ReportAllocs()
			for b.Loop() {
				data := f.executor.Exec(ctx)(ctx).Data
				b.SetBytes(int64(len(data)))
				exec.Recycle(data)
			}
		})
	}
}

// BenchmarkReference answers the same depth-first, each field of each object by itself.
func BenchmarkReference(b *testing.B) {
	d := largeLibrary(250, 100, 500)
	for name, query := range map[string]string{"20": smallQuery, "250x100": largeQuery} {
		b.Run(name, func(b *testing.B) {
			f := newFixture(d)
			_, op := f.operation(b, query)
			b.ReportAllocs()
			for b.Loop() {
				r := &reference{op: op, tables: tables(f.faults, d), library: d, faults: f.faults, fields: -1 << 40}
				b.SetBytes(int64(len(r.answer(nil).data)))
			}
		})
	}
}

// operation returns a context in which an operation can be executed again and again.
func (f *fixture) operation(b *testing.B, query string) (context.Context, *graphql.OperationContext) {
	ctx, op, errs := f.request(b.Context(), query, nil)
	if errs != nil {
		b.Fatal(errs)
	}
	ctx = graphql.WithOperationContext(ctx, op)
	return graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover), op
}

// BenchmarkCompile compiles operations that no plan is known for.
func BenchmarkCompile(b *testing.B) {
	for name, query := range map[string]string{"5 fields": smallQuery, "1000 fields": multiplying(8)} {
		b.Run(name, func(b *testing.B) {
			f := newFixtureWith(smallLibrary(), exec.Options{MaxPlans: 1})
			_, first := f.operation(b, query)
			_, second := f.operation(b, query+" ")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				doc := []*ast.QueryDocument{first.Doc, second.Doc}[i%2]
				if err := f.executor.Compile(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// generated replaces the fields of the benchmarks by what a generator writes for them.
func generated(s *exec.Schema) *exec.Schema {
	text := func(of func(obj any) string) func([]byte, any) ([]byte, bool) {
		return func(dst []byte, obj any) ([]byte, bool) { return exec.AppendString(dst, of(obj)), true }
	}
	s.Types["Author"].Fields["id"].Append = text(func(o any) string { return o.(*author).ID })
	s.Types["Author"].Fields["name"].Append = text(func(o any) string { return o.(*author).Name })
	s.Types["Book"].Fields["id"].Append = text(func(o any) string { return o.(*book).ID })
	s.Types["Book"].Fields["title"].Append = text(func(o any) string { return o.(*book).Title })
	s.Types["Book"].Fields["year"].Append = func(dst []byte, o any) ([]byte, bool) { return exec.AppendInt(dst, o.(*book).Year), true }
	s.Types["Review"].Fields["id"].Append = text(func(o any) string { return o.(*review).ID })
	s.Types["Review"].Fields["text"].Append = text(func(o any) string { return o.(*review).Text })
	s.Types["Review"].Fields["stars"].Append = func(dst []byte, o any) ([]byte, bool) { return exec.AppendInt(dst, o.(*review).Stars), true }
	return s
}
