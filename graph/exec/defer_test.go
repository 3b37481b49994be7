package exec_test

import (
	"fmt"
	"testing"
)

// TestDefer answers deferred fragments in parts: each with its path and label, all of a level loaded together, nested ones
// after the part that they belong to, and none of an object that is null.
func TestDefer(t *testing.T) {
	for name, c := range map[string]struct {
		query string
		want  []string
	}{
		"leaf":     {`{ greeting ... @defer { fragile } }`, []string{`{"greeting":"hello"} true`, `[] "" {"fragile":null} false`}},
		"label":    {`{ book(id: "b1") { id ...F @defer(label: "later") } } fragment F on Book { title author { name } }`, []string{`{"book":{"id":"b1"}} true`, `book "later" {"title":"One","author":{"name":"Ann"}} false`}},
		"selected": {`{ book(id: "b1") { id title ... @defer { title } } }`, []string{`{"book":{"id":"b1","title":"One"}} `}},
		"nested": {`{ book(id: "b1") { id ... @defer(label: "a") { author { id ... @defer(label: "b") { name } } } ... @defer(label: "c") { title } } }`, []string{
			`{"book":{"id":"b1"}} true`, `book "a" {"author":{"id":"a1"}} true`, `book "c" {"title":"One"} true`, `book.author "b" {"name":"Ann"} false`,
		}},
		"list": {`{ books(first: 2) { id ... @defer { author { name } } } }`, []string{
			`{"books":[{"id":"b1"},{"id":"b2"}]} true`, `books[0] "" {"author":{"name":"Ann"}} true`, `books[1] "" {"author":{"name":"Bob"}} false`,
		}},
		"null":  {`{ book(id: "none") { id ... @defer { title } } }`, []string{`{"book":null} `}},
		"never": {`{ book(id: "b1") { id ... @defer(if: false) { title } } }`, []string{`{"book":{"id":"b1","title":"One"}} `}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(smallLibrary())
			checkList(t, "parts", f.parts(t, c.query), c.want)
		})
	}
}

// TestDeferLevels loads the deferred fields of all objects of a list in one batch.
func TestDeferLevels(t *testing.T) {
	f := newFixture(smallLibrary())
	f.parts(t, `{ books(first: 3) { id ... @defer { author { name } } } }`)
	checkList(t, "levels", f.levels(), []string{"BookList(3)", "Books(b1 b2 b3)", "Authors(a1 a2)"})
}

// parts returns each answer of an operation: its path, its label, its data and whether more follow.
func (f *fixture) parts(t *testing.T, query string) (list []string) {
	t.Helper()
	responses, ctx := f.start(t, query, nil)
	for r := responses(ctx); r != nil; r = responses(ctx) {
		text := ""
		if len(list) > 0 {
			path := r.Path.String()
			if path == "" {
				path = "[]"
			}
			text = fmt.Sprintf("%s %q ", path, r.Label)
		}
		text += string(r.Data) + " "
		if r.HasNext != nil {
			text += fmt.Sprint(*r.HasNext)
		}
		if len(r.Errors) > 0 {
			text += " " + r.Errors.Error()
		}
		list = append(list, text)
	}
	return list
}
