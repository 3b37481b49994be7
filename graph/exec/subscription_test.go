package exec_test

import (
	"testing"
)

// stream returns all answers of a subscription.
func (f *fixture) stream(t *testing.T, query string, variables map[string]any) (answers []answer) {
	f.envs = nil
	handler, ctx := f.start(t, query, variables)
	for range 100 {
		response := handler(ctx)
		if response == nil {
			return answers
		}
		answers = append(answers, answerOf(response))
	}
	t.Error("the stream does not end")
	return answers
}

func TestSubscriptions(t *testing.T) {
	for _, test := range []struct {
		name, query string
		faults      map[string]fault
		answers     []answer
		levels      []string
	}{
		{
			"objects", `subscription { r: reviews(book: "b1") { id author { name } book { title } } }`, nil,
			[]answer{
				{`{"r":{"id":"r1","author":{"name":"Bob"},"book":{"title":"One"}}}`, nil},
				{`{"r":{"id":"r2","author":{"name":"Cyd"},"book":{"title":"One"}}}`, nil},
			},
			[]string{"Authors(a2) Books(b1)", "Authors(a3) Books(b1)"},
		},
		{"leaves", `subscription { ticks(count: 2) }`, nil, []answer{{`{"ticks":0}`, nil}, {`{"ticks":1}`, nil}}, nil},
		{"no events", `subscription { ticks(count: 0) }`, nil, nil, nil},
		{
			"error of one event", `subscription { reviews(book: "b1") { book { author { name } } author { id } } }`,
			map[string]fault{"Authors/a2": failing},
			[]answer{
				{`{"reviews":{"book":{"author":{"name":"Ann"}},"author":null}}`, []string{"reviews.author: Authors of a2 fails"}},
				{`{"reviews":{"book":{"author":{"name":"Ann"}},"author":{"id":"a3"}}}`, nil},
			},
			[]string{"Books(b1)", "Authors(a2 a1)", "Books(b1)", "Authors(a3 a1)"},
		},
		{
			"null of one event", `subscription { reviews(book: "b1") { book { title } } }`,
			map[string]fault{"Books": missing},
			[]answer{
				{`null`, []string{"reviews.book: cannot return null for non-null field Review.book (Book!): the resolver returned nil"}},
				{`null`, []string{"reviews.book: cannot return null for non-null field Review.book (Book!): the resolver returned nil"}},
			},
			[]string{"Books(b1)", "Books(b1)"},
		},
		{"error at the start", `subscription { reviews(book: "b9") { id } }`, nil, []answer{{"", []string{"reviews: unknown"}}}, nil},
		{"bad arguments", `subscription { t: ticks(count: -1) }`, nil, []answer{{"", []string{"t.count: must not be negative"}}}, nil},
		{"panic at the start", `subscription { t: ticks(count: 1) }`, map[string]fault{"Subscription.ticks": panicking}, []answer{{"", []string{"t: recovered: Subscription.ticks panics"}}}, nil},
		{"no field", `subscription { ticks(count: 1) @skip(if: true) }`, nil, []answer{{"", []string{": must subscribe to exactly one stream"}}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(smallLibrary())
			f.faults.at = test.faults
			got := f.stream(t, test.query, nil)
			if len(got) != len(test.answers) {
				t.Fatalf("got %q, want %q", got, test.answers)
			}
			for i, want := range test.answers {
				check(t, got[i], want.data, want.errors...)
			}
			checkList(t, "levels", f.levels(), test.levels)
		})
	}
}
