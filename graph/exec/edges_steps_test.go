package exec_test

import (
	"docsquare/graph/exec"
)

// eachID calls fn for the identifier of each object of the level. The objects of an early edge may not be there yet.
func eachID(f *exec.Fetch, fn func(i int, id string)) {
	if ids, ok := f.IDs().(*[]string); ok {
		for i, id := range *ids {
			fn(i, id)
		}
		return
	}
	for i := range f.Len() {
		if o := f.Object(i); o != nil {
			fn(i, idOf(o))
		}
	}
}

// number begins an early edge to a leaf.
func number(from func(*env) *loader[string, int]) func(*exec.Fetch) exec.Step {
	return func(f *exec.Fetch) exec.Step {
		l, at := from(envOf(f)), make([]int, f.Len())
		eachID(f, func(i int, id string) { at[i] = l.Ask(id) })
		return func() exec.Step {
			eachID(f, func(i int, _ string) {
				switch n, ok, err := l.Get(at[i]); {
				case err != nil:
					f.Fail(i, err)
				case ok:
					f.SetLeaf(i, n)
				}
			})
			return nil
		}
	}
}

func beginAuthor(f *exec.Fetch) exec.Step {
	children := exec.NewChildren(f, "", envOf(f).authors).Require(errNoAuthor)
	children.Set(0, f.Args()["id"].(string))
	return children.Load()
}

func beginBooks(f *exec.Fetch) exec.Step {
	e := envOf(f)
	at := e.bookList.Ask(f.Args()["first"].(int))
	return func() exec.Step {
		ids, _, err := e.bookList.Get(at)
		if err != nil {
			f.Fail(0, err)
			return nil
		}
		children := exec.NewChildren(f, "", e.books)
		f.StartList(0)
		for _, id := range ids {
			children.Add(0, id)
		}
		return children.Load()
	}
}

// beginBooksOf drops books that do not exist.
func beginBooksOf(f *exec.Fetch) exec.Step {
	e, at := envOf(f), make([]int, f.Len())
	eachID(f, func(i int, id string) { at[i] = e.booksOf.Ask(pageOf{id, f.Args()["first"].(int)}) })
	return func() exec.Step {
		children := exec.NewChildren(f, "", e.books).DropMissing()
		eachID(f, func(i int, _ string) {
			ids, _, err := e.booksOf.Get(at[i])
			if err != nil {
				f.Fail(i, err)
				return
			}
			f.StartList(i)
			for _, id := range ids {
				children.Add(i, id)
			}
		})
		return children.Load()
	}
}

func beginReviews(f *exec.Fetch) exec.Step {
	return many("", func(e *env) *loader[string, *review] { return e.reviews }, func(o any) []string {
		b := o.(*book)
		return b.Reviews[:min(len(b.Reviews), f.Args()["first"].(int))]
	})(f)
}

func beginNode(f *exec.Fetch) exec.Step {
	return beginObjects(f, []string{f.Args()["id"].(string)})
}

func beginItems(f *exec.Fetch) exec.Step {
	ids := f.Args()["ids"].([]string)
	f.StartList(0)
	for range ids {
		f.AddObject(0, nil)
	}
	return beginObjects(f, ids)
}

// beginObjects loads objects of several types at once. An identifier of another type is null.
func beginObjects(f *exec.Fetch, ids []string) exec.Step {
	e := envOf(f)
	steps := []exec.Step{
		objectsOf(f, "Book", 'b', e.books, ids), objectsOf(f, "Author", 'a', e.authors, ids), objectsOf(f, "Review", 'r', e.reviews, ids),
	}
	return func() exec.Step {
		for _, step := range steps {
			if step != nil {
				step()
			}
		}
		return nil
	}
}

func objectsOf[V any](f *exec.Fetch, typeName string, prefix byte, l *loader[string, V], ids []string) exec.Step {
	var children *exec.Children[string, V]
	for at, id := range ids {
		if id == "" || id[0] != prefix || typeName == "Review" && f.Args()["ids"] != nil {
			continue
		}
		if children == nil {
			children = exec.NewChildren(f, typeName, l)
		}
		children.SetItem(at, id)
	}
	if children == nil {
		return nil
	}
	return children.Load()
}

// beginShelves sets the values of a list without a loader.
func beginShelves(f *exec.Fetch) exec.Step {
	for i := range f.Len() {
		if d, ok := f.Object(i).(*library); ok {
			f.StartList(i)
			for _, s := range d.shelves {
				f.AddObject(i, s)
			}
		}
	}
	return nil
}
