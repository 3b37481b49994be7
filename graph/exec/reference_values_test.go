package exec_test

import (
	"context"
	"fmt"
)

// valueOf returns the value of a field of one object, in the Go types that the reference writes: nil is null, and a list of objects
// is a []any.
func (r *reference) valueOf(name string, obj any, args map[string]any) (any, error) {
	if read, ok := plain[name]; ok {
		_ = r.faults.strike(name, idOf(obj))
		return read(obj), nil
	}
	if e, ok := obj.(event); ok {
		return e.value, nil
	}
	load, isEdge := edgeValues[name]
	if !isEdge {
		value, err := r.library.resolve(context.Background(), r.faults, name, obj, args)
		if err == nil && value != nil {
			_ = r.faults.strike(name+" encoding", "")
		}
		return value, err
	}
	if err := r.faults.strike(name, ""); err != nil {
		return nil, err
	}
	if r.faults.of(name+" then", "") == panicking {
		panic(name + " then panics")
	}
	return load(r, obj, args)
}

// event is the object that the field of a subscription is read from.
type event struct{ value any }

// edgeValues are the values of edges.
var edgeValues = map[string]func(r *reference, obj any, args map[string]any) (any, error){
	"Query.book":   func(r *reference, _ any, args map[string]any) (any, error) { return r.book(args["id"].(string)) },
	"Query.titled": func(r *reference, _ any, args map[string]any) (any, error) { return r.book(args["id"].(string)) },
	"Query.node":   func(r *reference, _ any, args map[string]any) (any, error) { return r.node(args["id"].(string)) },
	"Query.author": func(r *reference, _ any, args map[string]any) (any, error) {
		a, err := r.author(args["id"].(string))
		if a == nil && err == nil {
			err = errNoAuthor
		}
		return a, err
	},
	"Query.books": func(r *reference, _ any, args map[string]any) (any, error) {
		return r.listed("BookList", fmt.Sprint(args["first"]), r.library.front, args, r.book)
	},
	"Query.items":     func(r *reference, _ any, args map[string]any) (any, error) { return r.items(args["ids"].([]string)) },
	"Library.shelves": func(r *reference, _ any, _ map[string]any) (any, error) { return r.shelves(), nil },
	"Library.shop":    func(r *reference, _ any, _ map[string]any) (any, error) { return r.book("b1") },
	"Shelf.books":     func(r *reference, o any, _ map[string]any) (any, error) { return each(o.(*shelf).Books, r.book) },
	"Shelf.first":     func(r *reference, o any, _ map[string]any) (any, error) { return r.book(firstOfShelf(nil, o)) },
	"Author.mentor":   func(r *reference, o any, _ map[string]any) (any, error) { return r.author(o.(*author).Mentor) },
	"Author.score": func(r *reference, o any, _ map[string]any) (any, error) {
		return valueByKey(r, "Scores", idOf(o), scoreOf)
	},
	"Author.books": func(r *reference, o any, args map[string]any) (any, error) {
		list, err := r.listed("BooksOf", pageOf{idOf(o), args["first"].(int)}.String(), o.(*author).Books, args, r.book)
		return existing(list), err
	},
	"Book.author": func(r *reference, o any, _ map[string]any) (any, error) { return r.author(o.(*book).Author) },
	"Book.editor": func(r *reference, o any, _ map[string]any) (any, error) { return r.author(o.(*book).Editor) },
	"Book.sequel": func(r *reference, o any, _ map[string]any) (any, error) { return r.book(o.(*book).Sequel) },
	"Book.sales": func(r *reference, o any, _ map[string]any) (any, error) {
		return valueByKey(r, "Sales", idOf(o), salesOf)
	},
	"Book.reviews": func(r *reference, o any, args map[string]any) (any, error) {
		return each(first(o.(*book).Reviews, args), r.review)
	},
	"Review.author": func(r *reference, o any, _ map[string]any) (any, error) { return r.author(o.(*review).Author) },
	"Review.book":   func(r *reference, o any, _ map[string]any) (any, error) { return r.book(o.(*review).Book) },
	"Sale.book":     func(r *reference, o any, _ map[string]any) (any, error) { return r.book(o.(*sale).Book) },
}

// valueByKey reads one key, null if it has no value.
func valueByKey[V any](r *reference, loader, key string, find func(string) (V, bool)) (any, error) {
	if key == "" {
		return nil, nil //nolint:nilnil // null is the answer
	}
	switch r.faults.of(loader, key) {
	case failing:
		return nil, fmt.Errorf("%s of %s fails", loader, key)
	case panicking:
		return nil, fmt.Errorf("%s of %s panics", loader, key)
	case missing:
		return nil, nil //nolint:nilnil // null is the answer
	}
	v, ok := find(key)
	if !ok {
		return nil, nil //nolint:nilnil // null is the answer
	}
	return v, nil
}

func (r *reference) book(id string) (any, error) {
	return valueByKey(r, "Books", id, byID(r.library.books))
}

func (r *reference) author(id string) (any, error) {
	return valueByKey(r, "Authors", id, byID(r.library.authors))
}

func (r *reference) review(id string) (any, error) {
	return valueByKey(r, "Reviews", id, byID(r.library.reviews))
}

func (r *reference) node(id string) (any, error) {
	switch {
	case id == "":
		return nil, nil //nolint:nilnil // null is the answer
	case id[0] == 'b':
		return r.book(id)
	case id[0] == 'a':
		return r.author(id)
	case id[0] == 'r':
		return r.review(id)
	}
	return nil, nil //nolint:nilnil // null is the answer
}

// items fails with the last error of an author, or else with the last error of a book.
func (r *reference) items(ids []string) (any, error) {
	list := make([]any, len(ids))
	var failed error
	for _, prefix := range "ba" {
		var first error
		for i, id := range ids {
			if id == "" || rune(id[0]) != prefix {
				continue
			}
			var err error
			if list[i], err = r.node(id); err != nil && first == nil {
				first = err
			}
		}
		if first != nil {
			failed = first
		}
	}
	return list, failed
}

func (r *reference) shelves() (list []any) {
	list = []any{}
	for _, s := range r.library.shelves {
		list = append(list, s)
	}
	return list
}

// listed reads the first identifiers of a list that a loader gives, and their objects.
func (r *reference) listed(loader, key string, ids []string, args map[string]any, read func(string) (any, error)) (any, error) {
	found, err := valueByKey(r, loader, key, func(string) ([]string, bool) { return first(ids, args), true })
	if err != nil {
		return nil, err
	}
	list, _ := found.([]string)
	return each(list, read)
}

func first(ids []string, args map[string]any) []string {
	return ids[:min(len(ids), args["first"].(int))]
}

// each reads the objects of a list. The list fails with the first of them.
func each(ids []string, read func(string) (any, error)) (any, error) {
	list := make([]any, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = read(id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// existing drops nulls.
func existing(list any) any {
	kept := []any{}
	items, _ := list.([]any)
	for _, item := range items {
		if item != nil {
			kept = append(kept, item)
		}
	}
	return kept
}
