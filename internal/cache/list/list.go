// Package list is a doubly linked list whose elements have a weight. The links are part of the elements, so that a list allocates nothing.
package list

// List is a list of *T, the newest first. Its zero value is empty.
type List[T any, E Element[T]] struct {
	First, Last *T
	Weight      int64 // of all elements
}

// Element is a *T with its links. An element is in one list at most, and its weight must not change while it is.
type Element[T any] interface {
	*T
	Links() *Links[T]
	Bytes() int64
}

// Links are the neighbors of an element; nil at the ends of the list.
type Links[T any] struct{ Newer, Older *T }

// Push adds an element as the newest.
func (l *List[T, E]) Push(e *T) {
	E(e).Links().Newer = nil
	l.join(e, l.First)
	l.First = e
	l.Weight += E(e).Bytes()
}

// Remove removes an element of the list.
func (l *List[T, E]) Remove(e *T) {
	at := E(e).Links()
	l.join(at.Newer, at.Older)
	*at = Links[T]{}
	l.Weight -= E(e).Bytes()
}

// Replace puts an element in the position of another one.
func (l *List[T, E]) Replace(old, e *T) {
	at := E(old).Links()
	newer, older := at.Newer, at.Older
	l.join(newer, e)
	l.join(e, older)
	*at = Links[T]{}
	l.Weight += E(e).Bytes() - E(old).Bytes()
}

// join makes two elements neighbors. If one is nil, the other becomes an end of the list.
func (l *List[T, E]) join(newer, older *T) {
	if newer == nil {
		l.First = older
	} else {
		E(newer).Links().Older = older
	}
	if older == nil {
		l.Last = newer
	} else {
		E(older).Links().Newer = newer
	}
}
