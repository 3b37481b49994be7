package cache

// list is a doubly linked list of elements that have a weight, the newest first.
type list[T any, E element[T]] struct {
	first, last *T
	weight      int64
}

// element is a *T with the links of the list that it is in.
type element[T any] interface {
	*T
	linked() *links[T]
	bytes() int64
}

// links are the neighbors of an element; nil at the ends of the list.
type links[T any] struct{ newer, older *T }

func (l *list[T, E]) push(e *T) {
	E(e).linked().newer = nil
	l.join(e, l.first)
	l.first = e
	l.weight += E(e).bytes()
}

func (l *list[T, E]) remove(e *T) {
	at := E(e).linked()
	l.join(at.newer, at.older)
	*at = links[T]{}
	l.weight -= E(e).bytes()
}

// replace puts an element in the position of another one.
func (l *list[T, E]) replace(old, e *T) {
	at := E(old).linked()
	newer, older := at.newer, at.older
	l.join(newer, e)
	l.join(e, older)
	*at = links[T]{}
	l.weight += E(e).bytes() - E(old).bytes()
}

// join makes two elements neighbors. If one is nil, the other becomes an end of the list.
func (l *list[T, E]) join(newer, older *T) {
	if newer == nil {
		l.first = older
	} else {
		E(newer).linked().older = older
	}
	if older == nil {
		l.last = newer
	} else {
		E(older).linked().newer = newer
	}
}
