package exec_test

import (
	"errors"

	"docsquare/graph/exec"
)

var errNoAuthor = errors.New("no such author")

// edges are the edges of the schema. Those of faults fail or panic.
func edges(x *faults) exec.Edges {
	list := exec.Edges{
		"Query.book":      {Loaders: []string{"Books"}, Begin: one("", books, rootID)},
		"Query.author":    {Loaders: []string{"Authors"}, Begin: beginAuthor},
		"Query.books":     {Loaders: []string{"BookList"}, Then: []string{"Books"}, Begin: beginBooks},
		"Query.node":      {Loaders: []string{"Books", "Authors", "Reviews"}, Begin: beginNode},
		"Query.titled":    {Loaders: []string{"Books"}, Begin: one("Book", books, rootID)},
		"Query.items":     {Loaders: []string{"Books", "Authors"}, Begin: beginItems},
		"Library.shelves": {Begin: beginShelves},
		"Library.shop":    {Loaders: []string{"Books"}, Begin: one("", books, func(*exec.Fetch, any) string { return "b1" })},
		"Shelf.books":     {Loaders: []string{"Books"}, Begin: many("", books, func(o any) []string { return o.(*shelf).Books })},
		"Shelf.first":     {Loaders: []string{"Books"}, Begin: one("", books, firstOfShelf)},
	}
	addEdgesOfObjects(list)
	for name, e := range list {
		list[name] = withFaults(name, e, x)
	}
	return list
}

func addEdgesOfObjects(into exec.Edges) {
	of := func(id func(o any) string) func(*exec.Fetch, any) string {
		return func(_ *exec.Fetch, o any) string { return id(o) }
	}
	into["Author.mentor"] = exec.Edge{Loaders: []string{"Authors"}, Begin: one("", authors, of(func(o any) string { return o.(*author).Mentor }))}
	into["Author.score"] = exec.Edge{Loaders: []string{"Scores"}, Early: true, Begin: number(func(e *env) *loader[string, int] { return e.scores })}
	into["Author.books"] = exec.Edge{Loaders: []string{"BooksOf"}, Then: []string{"Books"}, Early: true, Begin: beginBooksOf}
	into["Book.author"] = exec.Edge{Loaders: []string{"Authors"}, Begin: one("", authors, of(func(o any) string { return o.(*book).Author }))}
	into["Book.editor"] = exec.Edge{Loaders: []string{"Authors"}, Begin: one("", authors, of(func(o any) string { return o.(*book).Editor }))}
	into["Book.sequel"] = exec.Edge{Loaders: []string{"Books"}, Begin: one("", books, of(func(o any) string { return o.(*book).Sequel }))}
	into["Book.reviews"] = exec.Edge{Loaders: []string{"Reviews"}, Begin: beginReviews}
	into["Book.sales"] = exec.Edge{Loaders: []string{"Sales"}, Early: true, Begin: number(func(e *env) *loader[string, int] { return e.sales })}
	into["Review.author"] = exec.Edge{Loaders: []string{"Authors"}, Begin: one("", authors, of(func(o any) string { return o.(*review).Author }))}
	into["Review.book"] = exec.Edge{Loaders: []string{"Books"}, Begin: one("", books, of(func(o any) string { return o.(*review).Book }))}
	into["Sale.book"] = exec.Edge{Loaders: []string{"Books"}, Begin: one("", books, of(func(o any) string { return o.(*sale).Book }))}
}

// withFaults returns an edge that panics where x has a fault.
func withFaults(name string, e exec.Edge, x *faults) exec.Edge {
	begin := e.Begin
	e.Begin = func(f *exec.Fetch) exec.Step {
		if err := x.strike(name, ""); err != nil {
			f.FailAll(err)
			return nil
		}
		step := begin(f)
		if x.of(name+" then", "") == 0 {
			return step
		}
		return func() exec.Step {
			_ = x.strike(name+" then", "")
			return step
		}
	}
	return e
}

func envOf(f *exec.Fetch) *env { return f.Env().(*env) }

func books(e *env) *loader[string, *book]     { return e.books }
func authors(e *env) *loader[string, *author] { return e.authors }

func rootID(f *exec.Fetch, _ any) string { return f.Args()["id"].(string) }

func firstOfShelf(_ *exec.Fetch, o any) string {
	if s := o.(*shelf); len(s.Books) > 0 {
		return s.Books[0]
	}
	return ""
}

// one begins an edge to one object, whose identifier is empty if there is none.
func one[V any](typeName string, from func(*env) *loader[string, V], id func(*exec.Fetch, any) string) func(*exec.Fetch) exec.Step {
	return func(f *exec.Fetch) exec.Step {
		children := exec.NewChildren(f, typeName, from(envOf(f)))
		for i := range f.Len() {
			if f.Object(i) == nil && f.Args()["id"] == nil {
				continue
			}
			if id := id(f, f.Object(i)); id != "" {
				children.Set(i, id)
			}
		}
		return children.Load()
	}
}

// many begins an edge to a list of objects.
func many[V any](typeName string, from func(*env) *loader[string, V], ids func(obj any) []string) func(*exec.Fetch) exec.Step {
	return func(f *exec.Fetch) exec.Step {
		children := exec.NewChildren(f, typeName, from(envOf(f)))
		for i := range f.Len() {
			if f.Object(i) == nil {
				continue
			}
			f.StartList(i)
			for _, id := range ids(f.Object(i)) {
				children.Add(i, id)
			}
		}
		return children.Load()
	}
}
