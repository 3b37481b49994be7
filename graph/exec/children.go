package exec

// Children are the values of a field whose objects a loader gives by identifier. What is selected of them and needs only their
// identifiers is loaded together with them. Each identifier is one object in the column, however often it is added.
type Children[K comparable, V any] struct {
	f        *Fetch
	loader   Loader[K, V]
	node     *node
	kind     int
	ids      []K
	loads    []int // by child: the index of its value in the loader
	known    []int // by index of the loader: the child, plus 1
	drop     bool
	required error
}

// NewChildren starts the children of a field that have the object type typeName, or the only type of the field if it is empty.
func NewChildren[K comparable, V any](f *Fetch, typeName string, l Loader[K, V]) *Children[K, V] {
	k := 0
	if typeName != "" {
		k = f.sel.child(typeName)
	}
	c, ok := f.spare.(*Children[K, V])
	if !ok {
		c = &Children[K, V]{}
	}
	f.spare, f.used = nil, c
	*c = Children[K, V]{f: f, loader: l, node: f.sel.children[k], kind: k + 1, ids: c.ids[:0], loads: c.loads[:0], known: c.known[:0]}
	return c
}

// release drops what the run has put into the children and keeps the memory.
func (c *Children[K, V]) release() {
	clear(c.ids[:cap(c.ids)])
	*c = Children[K, V]{ids: c.ids[:0], loads: c.loads[:0], known: c.known[:0]}
}

// DropMissing leaves objects that do not exist out of lists. Otherwise such an item is null.
func (c *Children[K, V]) DropMissing() *Children[K, V] {
	c.drop = true
	return c
}

// Require makes an object that does not exist an error. Otherwise the field is null.
func (c *Children[K, V]) Require(err error) *Children[K, V] {
	c.required = err
	return c
}

// Set makes the object with an identifier the value of the field of object i.
func (c *Children[K, V]) Set(i int, id K) { c.f.at[i] = c.child(id) }

// Add appends the object with an identifier to the list of object i, which was started last.
func (c *Children[K, V]) Add(i int, id K) { c.f.addItem(i, c.child(id)) }

// SetItem makes the object with an identifier an item of the list of the only object, or its value if the field is no list.
func (c *Children[K, V]) SetItem(at int, id K) { c.f.at[at] = c.child(id) }

func (c *Children[K, V]) child(id K) child {
	at := c.loader.Ask(id)
	for len(c.known) <= at {
		c.known = append(c.known, 0)
	}
	if c.known[at] == 0 {
		c.ids, c.loads = append(c.ids, id), append(c.loads, at)
		c.known[at] = len(c.ids)
	}
	return child{c.kind, c.known[at] - 1}
}

// Begin begins the early edges of the children. Call it once after the last Set or Add, and Fill after the loaders have
// answered.
func (c *Children[K, V]) Begin() {
	col := &c.f.run.columns[c.node.index]
	col.ids, col.objects = &c.ids, zeroed(col.objects, len(c.ids))
	c.f.run.beginEarly(c.node)
}

// Fill takes the objects from the loader and makes everything that is selected of them ready to be resolved.
func (c *Children[K, V]) Fill() {
	col := &c.f.run.columns[c.node.index]
	for i, at := range c.loads {
		v, ok, err := c.loader.Get(at)
		switch {
		case err != nil:
			col.fail(i, err)
		case ok:
			col.objects[i] = v
		case c.required != nil:
			col.fail(i, c.required)
		}
	}
	if c.f.sel.def.Type.List {
		c.settleLists()
	}
	c.f.run.ready(c.node)
}

// settleLists fails lists of which an object could not be loaded, and drops missing objects.
func (c *Children[K, V]) settleLists() {
	col := &c.f.run.columns[c.node.index]
	for i := range c.f.lists {
		l := &c.f.lists[i]
		kept := l.from
		for j := l.from; j < l.to; j++ {
			at := c.f.at[j]
			if at.node == c.kind {
				if err := col.errs[at.index]; err != nil {
					c.f.Fail(i, err)
					break
				}
				if c.drop && col.objects[at.index] == nil {
					continue
				}
			}
			c.f.at[kept] = at
			kept++
		}
		l.to = kept
	}
}

// Each calls fn for every child that exists. Fn may call Remove.
func (c *Children[K, V]) Each(fn func(child int, value V)) {
	for i, o := range c.f.run.columns[c.node.index].objects {
		if v, ok := o.(V); ok {
			fn(i, v)
		}
	}
}

// Remove makes a child null wherever it is a value.
func (c *Children[K, V]) Remove(child int) { c.f.run.columns[c.node.index].objects[child] = nil }

// Load is Begin followed by Fill: what most edges need.
func (c *Children[K, V]) Load() Step {
	if len(c.ids) == 0 {
		return nil
	}
	c.Begin()
	return func() Step {
		c.Fill()
		return nil
	}
}
