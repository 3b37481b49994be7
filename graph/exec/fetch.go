package exec

import "context"

// Fetch is the resolution of one field for all objects of its level. An edge reads the objects from it and sets a value for
// each. A value that is not set is null.
type Fetch struct {
	run   *run
	sel   *selection
	begun bool
	n     int // of objects

	args    map[string]any
	leaves  []any         // by object: the values of a leaf
	at      []child       // by object: the value of an object type; by item for a list
	lists   []span        // by object: the items of a list
	errs    map[int]error // of single objects
	items   map[int]error // of single items of the list of the only object
	failed  error         // of all objects
	badArgs bool          // the arguments could not be converted
	used    memory        // of the last children of the field
	spare   memory        // of the children of the run before, until children of this run take it
	refused bool          // a middleware of root fields has refused it, and reported why
}

// memory is what children keep for the next run.
type memory interface{ release() }

// child is a place in the column of a child node. The zero value is null.
type child struct {
	node  int // the index in the children of the selection, plus 1
	index int
}

// span is a part of the items of a list. The zero value is null.
type span struct {
	from, to int
	set      bool
}

// reset prepares the fetch for n objects.
func (f *Fetch) reset(r *run, s *selection, n int) {
	f.run, f.sel, f.n, f.begun = r, s, n, true
	switch t := s.def.Type; {
	case t.Leaf:
		f.leaves = zeroed(f.leaves, n)
	case t.List:
		f.lists, f.at = zeroed(f.lists, n), f.at[:0]
	default:
		f.at = zeroed(f.at, n)
	}
}

// release drops what the run has put into the fetch and keeps the memory.
func (f *Fetch) release() {
	clear(f.leaves)
	if f.used != nil {
		f.used.release()
		f.spare = f.used
	}
	*f = Fetch{leaves: f.leaves[:0], at: f.at[:0], lists: f.lists[:0], spare: f.spare}
}

// zeroed returns a slice of n zero values, in the memory of s if it has the capacity.
func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// column returns the objects that the field is resolved for.
func (f *Fetch) column() *column { return &f.run.columns[f.sel.owner.index] }

// Context returns the context of the operation.
func (f *Fetch) Context() context.Context { return f.run.ctx }

// Env returns the environment of the operation.
func (f *Fetch) Env() Env { return f.run.env }

// Args returns the converted arguments of the field. Do not change them.
func (f *Fetch) Args() map[string]any { return f.args }

// Selects reports whether a path of fields is selected below the field, such as "edges", "node".
func (f *Fetch) Selects(path ...string) bool { return f.sel.selects(path) }

// Len returns the number of objects.
func (f *Fetch) Len() int { return f.n }

// Object returns an object: a pointer to its struct, or nil if the object is null or, in the first step of an early edge, not
// there yet. It is nil for root fields.
func (f *Fetch) Object(i int) any { return f.column().objects[i] }

// IDs returns the identifiers of the objects as a *[]K if they were loaded by identifier, see [Children], otherwise nil.
func (f *Fetch) IDs() any { return f.column().ids }

// SetLeaf sets the value of a field of a leaf type.
func (f *Fetch) SetLeaf(i int, value any) { f.leaves[i] = value }

// SetObject sets the value of a field of an object type. A nil object is null.
func (f *Fetch) SetObject(i int, object any) { f.at[i] = f.add(object) }

// SetObjects sets the value of a list of objects. It may be called once for each object of the level.
func (f *Fetch) SetObjects(i int, objects []any) {
	from := len(f.at)
	for _, o := range objects {
		f.at = append(f.at, f.add(o))
	}
	f.lists[i] = span{from, len(f.at), true}
}

// StartList starts the list of an object, to which AddObject and [Children.Add] append until the next list starts.
func (f *Fetch) StartList(i int) {
	f.lists[i] = span{len(f.at), len(f.at), true}
}

// AddObject appends an item to the list of an object that was started last.
func (f *Fetch) AddObject(i int, object any) { f.addItem(i, f.add(object)) }

// SetItem replaces an item of the list of the only object, or sets its value if the field is no list.
func (f *Fetch) SetItem(at int, object any) { f.at[at] = f.add(object) }

func (f *Fetch) addItem(i int, c child) {
	f.at = append(f.at, c)
	f.lists[i].to = len(f.at)
}

// add appends an object to the column of its type.
func (f *Fetch) add(object any) child {
	if object == nil {
		return child{}
	}
	k := 0
	if len(f.sel.children) > 1 {
		k = f.sel.child(f.sel.abstract.Concrete(object))
		if k < 0 {
			return child{}
		}
	}
	col := &f.run.columns[f.sel.children[k].index]
	col.objects = append(col.objects, object)
	return child{k + 1, len(col.objects) - 1}
}

// Fail sets the error of a field of one object.
func (f *Fetch) Fail(i int, err error) {
	if f.errs == nil {
		f.errs = map[int]error{}
	}
	f.errs[i] = err
}

// FailItem makes an item of the list of the only object null, and sets its error. The field is the value of the only object if it is no
// list. The path of the error leads to the item.
func (f *Fetch) FailItem(at int, err error) {
	if f.items == nil {
		f.items = map[int]error{}
	}
	f.items[at] = err
}

// FailAll sets the error of the field of all objects.
func (f *Fetch) FailAll(err error) { f.failed = err }

// err returns the error of the field of one object, nil if it has none.
func (f *Fetch) err(i int) error {
	if f.failed != nil {
		return f.failed
	}
	return f.errs[i]
}
