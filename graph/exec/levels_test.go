package exec_test

import "testing"

// TestLevels checks which keys are asked of which loaders in which level.
func TestLevels(t *testing.T) {
	for _, test := range []struct {
		name, query string
		levels      []string
	}{
		{"nothing to load", `{ greeting library { name highlights { __typename } } }`, nil},
		{"one key", `{ book(id: "b1") { title } }`, []string{"Books(b1)"}},
		{"one key of two fields", `{ a: book(id: "b1") { title } b: book(id: "b1") { id } }`, []string{"Books(b1)"}},
		{"loaders of one level", `{ author(id: "a1") { id } book(id: "b1") { id } }`, []string{"Authors(a1) Books(b1)"}},
		{"by levels", `{ book(id: "b1") { author { mentor { id } } } }`, []string{"Books(b1)", "Authors(a1)"}},
		{"two steps of an edge", `{ books { id } }`, []string{"BookList(3)", "Books(b1 b2 b3)"}},
		{
			"a load waits for a later one of its loader", `{ books(first: 2) { author { id } reviews { author { id } } } }`,
			[]string{"BookList(2)", "Books(b1 b2)", "Reviews(r1 r2 r3)", "Authors(a1 a2 a3)"},
		},
		{
			"a load with something below it does not wait", `{ books(first: 2) { author { mentor { id } } reviews { author { id } } } }`,
			[]string{"BookList(2)", "Books(b1 b2)", "Authors(a1 a2) Reviews(r1 r2 r3)", "Authors(a3)"},
		},
		{
			"a load waits for the later steps of an edge", `{ a: book(id: "b3") { id } books(first: 2) { title } }`,
			[]string{"BookList(2)", "Books(b1 b2 b3)"},
		},
		{"early edges", `{ book(id: "b1") { sales author { score } } }`, []string{"Books(b1) Sales(b1)", "Authors(a1) Scores(a1)"}},
		{
			"early edges of lists", `{ books { sales author { books { sales } } } }`,
			[]string{"BookList(3)", "Books(b1 b2 b3) Sales(b1 b2 b3)", "Authors(a1 a2) BooksOf(a1:2 a2:2)", "Books() Sales()"},
		},
		{"early edges of objects that were not loaded", `{ library { highlights { ... on Book { sales } } } }`, []string{"Sales(b1 b2 b3)"}},
		{"early edges of several types", `{ items(ids: ["b1", "a1", "b2"]) { ... on Book { sales } ... on Author { score } } }`, []string{"Books(b1 b2) Sales(b1 b2) Authors(a1) Scores(a1)"}},
		{"an edge without a loader", `{ library { shelves { books { id } first { id } } shop { id } } }`, []string{"Books(b3 b1)"}},
		{
			"an edge without a loader next to one that has one", `{ library { shelves { first { author { id } } } } author(id: "a3") { mentor { id } } }`,
			[]string{"Authors(a3) Books(b3)", "Authors(a2 a1)"},
		},
		{"no keys", `{ library { shelves { books { reviews { author { id } } } } } book(id: "b3") { reviews { author { id } } } }`, []string{"Books(b3 b1)", "Reviews(r1 r2)", "Authors(a2 a3)"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(smallLibrary())
			for range 2 {
				if a := f.do(t, test.query, nil); a.errors != nil {
					t.Error(a.errors)
				}
				checkList(t, "levels", f.levels(), test.levels)
			}
		})
	}
}
