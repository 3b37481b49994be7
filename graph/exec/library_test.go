package exec_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
)

type author struct {
	ID, Name, Bio, Mentor string
	Books                 []string
}

type book struct {
	ID, Title, Genre, Author, Editor, Sequel string
	Year                                     int
	Price                                    float64
	Tags, Reviews                            []string
}

type review struct {
	ID, Text, Author, Book string
	Stars                  int
}

type shelf struct {
	Title string
	Books []string
}

type sale struct {
	Book string
	Sold int
}

// library is the data that the fields of the schema read. A nil is missing.
type library struct {
	authors map[string]*author
	books   map[string]*book
	reviews map[string]*review
	shelves []*shelf
	note    string   // Query.fragile
	front   []string // Query.books
	log     []string // what mutations did
}

func smallLibrary() *library {
	return &library{
		authors: map[string]*author{
			"a1": {ID: "a1", Name: "Ann", Bio: "Ann writes.", Books: []string{"b1", "b3"}},
			"a2": {ID: "a2", Name: "Bob", Mentor: "a1", Books: []string{"b2"}},
			"a3": {ID: "a3", Name: "Cyd", Mentor: "a2"},
		},
		books: map[string]*book{
			"b1": {ID: "b1", Title: "One", Genre: "NOVEL", Author: "a1", Editor: "a2", Sequel: "b2", Year: 1901, Price: 1.5, Tags: []string{"x", "y"}, Reviews: []string{"r1", "r2"}},
			"b2": {ID: "b2", Title: "Two", Author: "a2", Year: 1902, Tags: []string{}, Reviews: []string{"r3"}},
			"b3": {ID: "b3", Title: "Three", Genre: "ESSAY", Author: "a1", Year: 1903, Price: 3},
		},
		reviews: map[string]*review{
			"r1": {ID: "r1", Text: "good", Author: "a2", Book: "b1", Stars: 4},
			"r2": {ID: "r2", Text: "bad", Author: "a3", Book: "b1", Stars: 1},
			"r3": {ID: "r3", Text: "fine", Author: "a1", Book: "b2", Stars: 3},
		},
		shelves: []*shelf{{"New", []string{"b3", "b1"}}, {"Empty", nil}},
		front:   []string{"b1", "b2", "b3"},
	}
}

// randomLibrary returns a library in which some references lead nowhere.
func randomLibrary(r *rand.Rand) *library {
	d := &library{authors: map[string]*author{}, books: map[string]*book{}, reviews: map[string]*review{}}
	ids := func(kind string, most int) []string {
		list := []string{}
		for range r.IntN(most + 1) {
			list = append(list, fmt.Sprint(kind, 1+r.IntN(6)))
		}
		return list
	}
	id := func(kind string) string { return strings.Join(ids(kind, 1), "") }
	words := []string{"", "plain", "quote \" and \\", "line\nbreak\t", "\x01", "文档", "<b>&", "\u2028"}
	word := func() string { return words[r.IntN(len(words))] }
	for i := range 5 {
		a, b, v := fmt.Sprint("a", i+1), fmt.Sprint("b", i+1), fmt.Sprint("r", i+1)
		d.authors[a] = &author{ID: a, Name: word(), Bio: word(), Mentor: id("a"), Books: ids("b", 4)}
		d.books[b] = &book{
			ID: b, Title: word(), Genre: []string{"", "NOVEL", "ESSAY"}[r.IntN(3)], Author: fmt.Sprint("a", 1+r.IntN(6)), Editor: id("a"),
			Sequel: id("b"), Year: r.IntN(3000), Price: float64(r.IntN(8)) / 4, Tags: ids("t", 3), Reviews: ids("r", 4),
		}
		d.reviews[v] = &review{ID: v, Text: word(), Author: id("a"), Book: fmt.Sprint("b", 1+r.IntN(6)), Stars: r.IntN(5)}
	}
	for range r.IntN(3) {
		d.shelves = append(d.shelves, &shelf{word(), ids("b", 3)})
	}
	d.front = ids("b", 5)
	return d
}

// plain are the fields that are read from a struct.
var plain = map[string]func(obj any) any{
	"Author.id":          func(o any) any { return o.(*author).ID },
	"Author.name":        func(o any) any { return o.(*author).Name },
	"Author.bio":         func(o any) any { return orNull(o.(*author).Bio) },
	"Book.id":            func(o any) any { return o.(*book).ID },
	"Book.title":         func(o any) any { return o.(*book).Title },
	"Book.genre":         func(o any) any { return orNull(o.(*book).Genre) },
	"Book.year":          func(o any) any { return orNull(o.(*book).Year) },
	"Book.tags":          func(o any) any { return o.(*book).Tags },
	"Book.price":         func(o any) any { return orNull(o.(*book).Price) },
	"Review.id":          func(o any) any { return o.(*review).ID },
	"Review.text":        func(o any) any { return o.(*review).Text },
	"Review.stars":       func(o any) any { return orNull(o.(*review).Stars) },
	"Shelf.title":        func(o any) any { return o.(*shelf).Title },
	"Library.name":       func(any) any { return "Library" },
	"Library.motto":      func(any) any { return nil },
	"Library.highlights": func(o any) any { return o.(*library).highlights() },
	"Sale.sold":          func(o any) any { return o.(*sale).Sold },
}

// orNull returns null for a zero value.
func orNull[T comparable](v T) any {
	if v == *new(T) {
		return nil
	}
	return v
}

func (d *library) highlights() any {
	if len(d.front) == 0 {
		return nil
	}
	list := []any{nil}
	for _, id := range d.front {
		if b := d.books[id]; b != nil {
			list = append(list, b)
		}
		if a := d.authors["a"+id[1:]]; a != nil {
			list = append(list, a)
		}
	}
	return list
}

var errUnknown = errors.New("unknown")

// resolve is the resolver of the fields that are not read from a struct and have no edge.
func (d *library) resolve(ctx context.Context, x *faults, name string, obj any, args map[string]any) (any, error) {
	if err := x.strike(name, idOf(obj)); err != nil {
		return nil, err
	}
	switch name {
	case "Query.greeting":
		if args["loud"].(bool) {
			return "HELLO", nil
		}
		return "hello", nil
	case "Query.fragile":
		return orNull(d.note), ctx.Err()
	case "Query.library":
		return d, nil
	case "Author.email":
		return obj.(*author).ID + "@example.com", nil
	case "Book.summary":
		title := obj.(*book).Title
		suffix, _ := args["suffix"].(string)
		return title[:min(len(title), args["length"].(int))] + suffix, nil
	case "Mutation.rename":
		return d.rename(args["id"].(string), args["title"].(string))
	case "Mutation.sell":
		d.log = append(d.log, fmt.Sprint("sell ", args["id"], " ", args["count"]))
		return &sale{args["id"].(string), args["count"].(int)}, nil
	}
	panic("no resolver of " + name)
}

func (d *library) rename(id, title string) (any, error) {
	d.log = append(d.log, "rename "+id)
	b := d.books[id]
	if b == nil {
		return nil, fmt.Errorf("book %s: %w", id, errUnknown)
	}
	renamed := *b
	renamed.Title = title
	d.books[id] = &renamed
	return &renamed, nil
}

// stream starts a subscription.
func (d *library) stream(field string, args map[string]any) (func(context.Context) (any, bool), error) {
	var events []any
	if field == "ticks" {
		for i := range min(args["count"].(int), 50) {
			events = append(events, i)
		}
	} else {
		b := d.books[args["book"].(string)]
		if b == nil {
			return nil, errUnknown
		}
		for _, id := range b.Reviews {
			events = append(events, orNull(d.reviews[id]))
		}
	}
	return func(context.Context) (any, bool) {
		if len(events) == 0 {
			return nil, false
		}
		event := events[0]
		events = events[1:]
		return event, true
	}, nil
}

func typeNameOf(obj any) string {
	switch obj.(type) {
	case *author:
		return "Author"
	case *book:
		return "Book"
	case *review:
		return "Review"
	case *shelf:
		return "Shelf"
	}
	return ""
}

func idOf(obj any) string {
	switch o := obj.(type) {
	case *author:
		return o.ID
	case *book:
		return o.ID
	case *review:
		return o.ID
	}
	return ""
}
