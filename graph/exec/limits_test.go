package exec_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"docsquare/graph/exec"
)

// TestTooLarge checks that an answer is given up as soon as it is longer than it may be.
func TestTooLarge(t *testing.T) {
	const limit, text = 10_000, 1000
	d := smallLibrary()
	d.books["b1"].Title = strings.Repeat("x", text)
	d.front = nil
	for range 20_000 {
		d.front = append(d.front, "b1")
	}
	d.note = d.books["b1"].Title
	aliases := make([]string, 500)
	for i := range aliases {
		aliases[i] = fmt.Sprintf("a%d: book(id: \"b1\") { title }", i)
	}
	for name, query := range map[string]string{
		"list":        `{ books(first: 20000) { title } }`,
		"root leaves": "{ " + strings.ReplaceAll(strings.Join(aliases, " "), "book(id: \"b1\") { title }", "fragile") + " }",
		"root fields": "{ " + strings.Join(aliases, " ") + " }",
		"object":      `{ book(id: "b1") { ` + strings.ReplaceAll(strings.Join(aliases, " "), "book(id: \"b1\") { title }", "title") + ` } }`,
		"nested":      `{ books(first: 500) { author { books(first: 500) { title } } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixtureWith(d, exec.Options{MaxBytes: limit})
			handler, ctx := f.start(t, query, nil)
			response := handler(ctx)
			check(t, answerOf(response), "null", ": "+exec.ErrTooLarge.Error())
			if most := 2 * (limit + text); cap(response.Data) > most {
				t.Errorf("the buffer has %d bytes, want at most %d", cap(response.Data), most)
			}
		})
	}
}

// TestLimitIsExact checks the longest answer that is permitted, and that a mutation is done although its answer is too large.
func TestLimitIsExact(t *testing.T) {
	query, data := `{ greeting book(id: "b1") { title } }`, `{"greeting":"hello","book":{"title":"One"}}`
	check(t, newFixtureWith(smallLibrary(), exec.Options{MaxBytes: len(data)}).do(t, query, nil), data)
	check(t, newFixtureWith(smallLibrary(), exec.Options{MaxBytes: len(data) - 1}).do(t, query, nil), "null", ": "+exec.ErrTooLarge.Error())

	f := newFixtureWith(smallLibrary(), exec.Options{MaxBytes: 5})
	check(t, f.do(t, `mutation { a: sell(id: "b1") { sold } b: sell(id: "b2") { sold } }`, nil), "null", ": "+exec.ErrTooLarge.Error())
	checkList(t, "log", f.library.log, []string{"sell b1 1", "sell b2 1"})
}

// TestMaxErrors checks that an answer reports a bounded number of errors of any kind.
func TestMaxErrors(t *testing.T) {
	d := smallLibrary()
	d.front = []string{"b1", "b1", "b2", "b1", "b1", "b2", "b1"}
	for _, test := range []struct {
		query  string
		faults map[string]fault
	}{
		{`{ books(first: 7) { editor { id } } }`, map[string]fault{"Book.editor": failing}},
		{`{ books(first: 7) { editor { id } } }`, map[string]fault{"Book.editor then": panicking}},
		{`{ books(first: 7) { sales } }`, map[string]fault{"Sales": failing}},
		{`{ books(first: 7) { genre } }`, map[string]fault{"Book.genre": panicking}},
		{`{ books(first: 7) { reviews(first: -1) { id } } }`, nil},
		{`{ books(first: 7) { author { id } } }`, map[string]fault{"Authors": missing}},
	} {
		f := newFixtureWith(d, exec.Options{MaxErrors: 4})
		f.faults.at = test.faults
		if got := f.do(t, test.query, nil); len(got.errors) != 4 {
			t.Errorf("%s: %d errors, want 4: %q", test.query, len(got.errors), got.errors)
		}
	}
}

// multiplying returns an operation with 2^depth leaves.
func multiplying(depth int) string {
	var text strings.Builder
	text.WriteString(`{ author(id: "a1") { ...F0 } }`)
	for i := range depth {
		fmt.Fprintf(&text, " fragment F%d on Author { a: mentor { ...F%d } b: mentor { ...F%d } }", i, i+1, i+1)
	}
	fmt.Fprintf(&text, " fragment F%d on Author { id }", depth)
	return text.String()
}

// TestTooManyFields checks that an operation is refused before its plan is large, and without much work.
func TestTooManyFields(t *testing.T) {
	var flat strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&flat, "a%d: greeting ", i)
	}
	for name, query := range map[string]string{
		"fragments that multiply": multiplying(40),
		"aliases":                 "{ " + flat.String() + "}",
		"repetitions":             strings.Replace(multiplying(7), "{ id }", "{ "+strings.Repeat("id ", 1000)+"}", 1),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixtureWith(smallLibrary(), exec.Options{MaxFields: 1000})
			_, op, errs := f.request(t.Context(), query, nil)
			if errs != nil {
				t.Fatal(errs)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := f.executor.Compile(op.Doc); !errors.Is(err, exec.ErrTooManyFields) {
				t.Errorf("got %v", err)
			}
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 6<<20 {
				t.Errorf("the refusal has allocated %d bytes", n)
			}
			check(t, f.do(t, query, nil), "", ": "+exec.ErrTooManyFields.Error())
			if n, _, _ := exec.Plans(t, f.executor); n != 0 {
				t.Errorf("%d operations are kept", n)
			}
		})
	}
	f := newFixtureWith(smallLibrary(), exec.Options{MaxFields: 1000})
	if got := f.do(t, multiplying(8), nil); got.errors != nil {
		t.Errorf("an operation within the limit: %q", got.errors)
	}
}

// TestRecycle checks that only the memory of answers that were given back is used again.
func TestRecycle(t *testing.T) {
	f := newFixture(smallLibrary())
	var kept [][]byte
	for range 50 {
		for _, query := range []string{`{ book(id: "b1") { title } }`, `{ a: greeting b: greeting(loud: true) }`} {
			handler, ctx := f.start(t, query, nil)
			kept = append(kept, handler(ctx).Data)
			handler, ctx = f.start(t, query, nil)
			exec.Recycle(handler(ctx).Data)
		}
	}
	for i, data := range kept {
		if want := []string{`{"book":{"title":"One"}}`, `{"a":"hello","b":"HELLO"}`}[i%2]; string(data) != want {
			t.Fatalf("answer %d: got %s, want %s", i, data, want)
		}
	}
}
