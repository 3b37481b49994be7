package exec_test

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

// cancelled answers an operation under a context that cancel ends.
func (f *fixture) cancelled(t *testing.T, query string, begin func(cancel context.CancelFunc)) answer {
	f.server.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		begin(cancel)
		return next(ctx)
	})
	return f.do(t, query, nil)
}

const cancelledQuery = `{ greeting book(id: "b1") { title sales editor { name mentor { id } } reviews { author { id } } } }`

// TestCancelledBefore checks that no loader is asked after the context has ended.
func TestCancelledBefore(t *testing.T) {
	f := newFixture(smallLibrary())
	got := f.cancelled(t, cancelledQuery, func(cancel context.CancelFunc) { cancel() })
	check(t, got, `{"greeting":"hello","book":null}`, "book: context canceled")
	checkList(t, "levels", f.levels(), nil)
}

// TestCancelledBetween checks that every field that is not resolved yet has the error of the context.
func TestCancelledBetween(t *testing.T) {
	for _, test := range []struct {
		level  int
		data   string
		errors []string
	}{
		{0, `{"greeting":"hello","book":null}`, []string{"book: context canceled"}},
		{
			1, `{"greeting":"hello","book":null}`,
			[]string{"book.editor: context canceled", "book.reviews: context canceled"},
		},
		{
			2, `{"greeting":"hello","book":{"title":"One","sales":100,"editor":{"name":"Bob","mentor":null},"reviews":[{"author":null},{"author":null}]}}`,
			[]string{"book.editor.mentor: context canceled", "book.reviews[0].author: context canceled", "book.reviews[1].author: context canceled"},
		},
		{9, `{"greeting":"hello","book":{"title":"One","sales":100,"editor":{"name":"Bob","mentor":{"id":"a1"}},"reviews":[{"author":{"id":"a2"}},{"author":{"id":"a3"}}]}}`, nil},
	} {
		f := newFixture(smallLibrary())
		got := f.cancelled(t, cancelledQuery, func(cancel context.CancelFunc) {
			f.faults.onLevel = func(level int) {
				if level == test.level {
					cancel()
				}
			}
		})
		check(t, got, test.data, test.errors...)
	}
}

// TestCancelledLoader checks that a loader that blocks is given up.
func TestCancelledLoader(t *testing.T) {
	f := newFixture(smallLibrary())
	f.faults.at, f.faults.entered = map[string]fault{"Reviews/r1": blocking}, make(chan struct{})
	got := f.cancelled(t, cancelledQuery, func(cancel context.CancelFunc) {
		go func() {
			<-f.faults.entered
			cancel()
		}()
	})
	check(t, got, `{"greeting":"hello","book":null}`, "book.editor: context canceled", "book.reviews: context canceled")
}
