package exec_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/exec"
)

// TestNulls checks how far a null goes that is not allowed, and what is reported.
func TestNulls(t *testing.T) {
	const null = "cannot return null for non-null "
	for _, test := range []struct {
		name, query string
		faults      map[string]fault
		data        string
		errors      []string
	}{
		{"nullable leaf", `{ fragile book(id: "b3") { sales } }`, nil, `{"fragile":null,"book":{"sales":null}}`, nil},
		{
			"non-null leaf of a loader", `{ a: node(id: "a3") { id ... on Author { score } } b: node(id: "a1") { ... on Author { score } } }`, nil,
			`{"a":null,"b":{"score":10}}`,
			[]string{"a.score: " + null + "field Author.score (Int!): the resolver returned nil"},
		},
		{
			"non-null object", `{ books(first: 2) { id } book(id: "b1") { title author { id } } }`,
			map[string]fault{"Authors/a1": missing},
			`{"books":[{"id":"b1"},{"id":"b2"}],"book":null}`,
			[]string{"book.author: " + null + "field Book.author (Author!): the resolver returned nil"},
		},
		{
			"non-null object in a non-null list of the root", `{ greeting books { author { id } } }`,
			map[string]fault{"Authors/a2": missing},
			`null`,
			[]string{"books[1].author: " + null + "field Book.author (Author!): the resolver returned nil"},
		},
		{
			"item of a nullable list", `{ library { shelves { title books { id } } } }`,
			map[string]fault{"Books/b1": missing},
			`{"library":{"shelves":[{"title":"New","books":null},{"title":"Empty","books":[]}]}}`,
			[]string{"library.shelves[0].books[1]: " + null + "element of field Shelf.books (Book!): the list element was nil"},
		},
		{
			"item of a non-null list", `{ books { id } }`,
			map[string]fault{"Books/b2": missing},
			`null`,
			[]string{"books[1]: " + null + "element of field Query.books (Book!): the list element was nil"},
		},
		{"nullable item", `{ items(ids: ["b1", "b9", "x"]) { ... on Book { id } } }`, nil, `{"items":[{"id":"b1"},null,null]}`, nil},
		{"dropped items", `{ author(id: "a1") { books { id } } }`, map[string]fault{"Books/b1": missing}, `{"author":{"books":[{"id":"b3"}]}}`, nil},
		{
			"nullable item around a non-null leaf", `{ items(ids: ["a1", "a3"]) { ... on Author { score } } }`, nil,
			`{"items":[{"score":10},null]}`,
			[]string{"items[1].score: " + null + "field Author.score (Int!): the resolver returned nil"},
		},
		{
			"root", `{ greeting author(id: "a9") { id } }`, nil, `null`, []string{"author: no such author"},
		},
		{
			"two errors in one object", `{ book(id: "b3") { author { score email } editor { id } reviews { id } } fragile }`,
			map[string]fault{"Scores/a1": missing, "Author.email/a1": failing},
			`{"book":null,"fragile":null}`,
			[]string{"book.author.score: " + null + "field Author.score (Int!): the resolver returned nil", "book.author.email: Author.email fails"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(smallLibrary())
			f.faults.at = test.faults
			for range 2 {
				check(t, f.do(t, test.query, nil), test.data, test.errors...)
			}
		})
	}
}

// TestFaults checks that a fault fails the fields that it concerns, and no other.
func TestFaults(t *testing.T) {
	const query = `{ books(first: 2) { title genre sales editor { id email bio } reviews { id author { name } } } greeting fragile }`
	const (
		editor  = `"editor":{"id":"a2","email":"a2@example.com","bio":null}`
		reviews = `"reviews":[{"id":"r1","author":{"name":"Bob"}},{"id":"r2","author":{"name":"Cyd"}}]`
		first   = `{"title":"One","genre":"NOVEL","sales":100,` + editor + `,` + reviews + `}`
		second  = `{"title":"Two","genre":null,"sales":200,"editor":null,"reviews":[{"id":"r3","author":{"name":"Ann"}}]}`
		whole   = `{"books":[` + first + `,` + second + `],"greeting":"hello","fragile":null}`
		panics  = "recovered: "
	)
	for _, test := range []struct {
		place     string
		kind      fault
		old, with string // what changes in the answer
		errors    []string
	}{
		{"Sales/b1", failing, `"sales":100`, `"sales":null`, []string{"books[0].sales: Sales of b1 fails"}},
		{"Sales/b1", panicking, `"sales":100`, `"sales":null`, []string{"books[0].sales: Sales of b1 panics"}},
		{"Book.genre/b1", panicking, `"NOVEL"`, `null`, []string{"books[0].genre: " + panics + "Book.genre panics"}},
		{"Author.email/a2", failing, `"a2@example.com"`, `null`, []string{"books[0].editor.email: Author.email fails"}},
		{"Author.email/a2", panicking, `"a2@example.com"`, `null`, []string{"books[0].editor.email: " + panics + "Author.email panics"}},
		{"Author.email encoding", panicking, `"a2@example.com"`, `null`, []string{"books[0].editor.email: " + panics + "Author.email encoding panics"}},
		{"Book.editor then", panicking, editor, `"editor":null`, []string{"books[0].editor: " + panics + "Book.editor then panics", "books[1].editor: " + panics + "Book.editor then panics"}},
		{"Book.editor", panicking, editor, `"editor":null`, []string{"books[0].editor: " + panics + "Book.editor panics", "books[1].editor: " + panics + "Book.editor panics"}},
		{"Authors/a2", failing, ``, ``, []string{"books[0].editor: Authors of a2 fails", "books[0].reviews[0].author: Authors of a2 fails"}},
		{"Reviews/r2", failing, whole, `null`, []string{"books[0].reviews: Reviews of r2 fails"}},
		{"Books", failing, whole, `null`, []string{"books: Books of b1 fails"}},
		{"Books/b2", panicking, whole, `null`, []string{"books: Books of b2 panics"}},
		{"BookList", failing, whole, `null`, []string{"books: BookList of 2 fails"}},
		{"BookList/2", panicking, whole, `null`, []string{"books: BookList of 2 panics"}},
		{"Query.books then", panicking, whole, `null`, []string{"books: " + panics + "Query.books then panics"}},
		{"Query.fragile", panicking, ``, ``, []string{"fragile: " + panics + "Query.fragile panics"}},
		{"Query.greeting", panicking, whole, `null`, []string{"greeting: " + panics + "Query.greeting panics"}},
	} {
		t.Run(test.place, func(t *testing.T) {
			f := newFixture(smallLibrary())
			f.faults.at = map[string]fault{test.place: test.kind}
			want := strings.Replace(whole, test.old, test.with, 1)
			if test.place == "Authors/a2" {
				want = strings.Replace(strings.Replace(want, editor, `"editor":null`, 1), `{"name":"Bob"}`, `null`, 1)
			}
			check(t, f.do(t, query, nil), want, test.errors...)
			f.faults.at = nil
			check(t, f.do(t, query, nil), whole)
		})
	}
}

// TestBadArguments checks that arguments that cannot be converted fail the field of each object.
func TestBadArguments(t *testing.T) {
	for _, test := range []struct {
		query, data string
		errors      []string
	}{
		{
			`{ library { highlights { ... on Author { books(first: -1) { id } } ... on Book { id } } } }`,
			`{"library":{"highlights":[null,{"id":"b1"},null,{"id":"b2"},null,{"id":"b3"},null]}}`,
			[]string{
				"library.highlights[2].books.first: must not be negative", "library.highlights[4].books.first: must not be negative",
				"library.highlights[6].books.first: must not be negative",
			},
		},
		{
			`{ book(id: "b1") { reviews { text book { reviews(first: 13) { id } } } } }`, `{"book":null}`,
			[]string{"book.reviews[0].book.reviews: recovered: 13 is a bad number", "book.reviews[1].book.reviews: recovered: 13 is a bad number"},
		},
		{`{ greeting books(first: -1) { id } }`, `null`, []string{"books.first: must not be negative"}},
		{`{ book(id: "b1") { title summary(length: 13) } }`, `{"book":null}`, []string{"book.summary: recovered: 13 is a bad number"}},
		{`mutation { sell(id: "b1", count: -1) { sold } }`, `null`, []string{"sell.count: must not be negative"}},
	} {
		f := newFixture(smallLibrary())
		check(t, f.do(t, test.query, nil), test.data, test.errors...)
	}
}

// TestSharedError checks that one error of several objects is reported with the path of each, and is not written to.
func TestSharedError(t *testing.T) {
	shared := gqlerror.Errorf("shared")
	shared.Extensions = map[string]any{"code": "SHARED"}
	list := edges(&faults{})
	list["Book.editor"] = exec.Edge{Begin: func(f *exec.Fetch) exec.Step { f.FailAll(shared); return nil }}
	f := newFixture(smallLibrary())
	f.use(exec.New(inner{}, tables(f.faults, f.library), list, exec.Options{Env: f.newEnv}))
	handler, ctx := f.start(t, `{ books(first: 2) { editor { id } } }`, nil)
	response := handler(ctx)
	check(t, answerOf(response), `{"books":[{"editor":null},{"editor":null}]}`, "books[0].editor: shared", "books[1].editor: shared")
	if shared.Path != nil || shared.Locations != nil || response.Errors[1].Extensions["code"] != "SHARED" {
		t.Errorf("the error was written to, or lost its code: %+v, %+v", shared, response.Errors[1])
	}
}

// TestErrorsOfPresenters checks that a presenter gets the chain of fields, the location and the error itself.
func TestErrorsOfPresenters(t *testing.T) {
	f := newFixture(smallLibrary())
	f.faults.at = map[string]fault{"Scores/a1": missing}
	handler, ctx := f.start(t, "{\n  b: book(id: \"b1\") { author {\n score } } }", nil)
	err := handler(ctx).Errors[0]
	null, ok := errors.AsType[*graphql.InvalidNullError](err)
	if !ok || null.SchemaCoordinate() != "Author.score" || null.DeclaredType != "Int!" || null.Path.String() != "b.author.score" {
		t.Errorf("got %+v of %v", null, err)
	}
	f.faults.at = map[string]fault{"Scores/a1": failing}
	handler, ctx = f.start(t, "{\n  b: book(id: \"b1\") { author {\n score } } }", nil)
	if err := handler(ctx).Errors[0]; len(err.Locations) != 1 || err.Locations[0] != (gqlerror.Location{Line: 3, Column: 2}) {
		t.Errorf("got locations %v", err.Locations)
	}
}

// TestMissingObjectsAreNotResolved checks that no resolver is called for an object that does not exist.
func TestMissingObjectsAreNotResolved(t *testing.T) {
	f := newFixture(smallLibrary())
	f.faults.at = map[string]fault{"Authors/a2": missing}
	f.server.SetRecoverFunc(func(_ context.Context, p any) error {
		t.Errorf("panic: %v", p)
		return nil
	})
	check(t, f.do(t, `{ books { editor { email bio books { id } } sequel { summary } } }`, nil),
		`{"books":[{"editor":null,"sequel":{"summary":"Two"}},{"editor":null,"sequel":null},{"editor":null,"sequel":null}]}`)
}

// TestEnvPanics checks that a panic of the environment fails the fields that wait for it.
func TestEnvPanics(t *testing.T) {
	f := newFixture(smallLibrary())
	list := edges(f.faults)
	list["Book.editor"] = exec.Edge{Loaders: []string{"Authors"}, Begin: func(f *exec.Fetch) exec.Step {
		envOf(f).asked = append(envOf(f).asked, nil)
		return list["Book.author"].Begin(f)
	}}
	f.use(exec.New(inner{}, tables(f.faults, f.library), list, exec.Options{Env: f.newEnv}))
	f.library.books["b1"].Reviews = nil
	check(t, f.do(t, `{ book(id: "b1") { title sales editor { id mentor { id } } reviews { id } } }`, nil),
		`{"book":{"title":"One","sales":100,"editor":null,"reviews":[]}}`, "book.editor: recovered: no such loader")
}
