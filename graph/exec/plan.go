package exec

import (
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Plan is a compiled operation. It holds nothing of a run and is safe for concurrent use.
type Plan struct {
	operation ast.Operation
	root      *node
	nodes     int
	fields    int
	weight    int          // as Options.MaxKept counts
	size      atomic.Int64 // of the last answer, in bytes
	runs      sync.Pool    // of *run
}

// node is a selection set on one object type. All objects of a run that it applies to form one column.
type node struct {
	index  int
	typ    *Type
	fields []*selection // in the order of the answer
	fetch  []*selection // those of fields that are resolved before the answer is encoded
	early  []*selection // those of fetch that need only the identifiers of the objects

	deferred []*deferral // what is answered after the object
}

// selection is a selected field of one object type, merged from all places that select it under one name.
type selection struct {
	graphql.CollectedField

	index        int // of its fetch
	owner        *node
	def          *Field
	edge         *Edge
	key          []byte                         // `"alias":`
	constant     []byte                         // the JSON of __typename; nil for all other fields
	children     []*node                        // one for each object type that the value can have
	constantArgs bool                           // whether no variable is used in the arguments of an edge
	args         atomic.Pointer[map[string]any] // the converted constant arguments, once they are known
	abstract     *Type                          // the interface or union of the value; nil for all other fields

	asks  loaderSet // the loaders that its edge begins with
	then  loaderSet // the loaders of its later steps
	below loaderSet // the loaders of everything selected below it
}

// later returns the loaders that the field asks after its edge has begun.
func (s *selection) later() loaderSet { return s.then | s.below }

// child returns the index in children of an object type, -1 if the field cannot have it.
func (s *selection) child(typeName string) int {
	for i, n := range s.children {
		if n.typ.Name == typeName {
			return i
		}
	}
	return -1
}

// selects reports whether a path of field names is selected below the field.
func (s *selection) selects(path []string) bool {
	for _, n := range s.children {
		for _, f := range n.fields {
			if f.Name == path[0] && (len(path) == 1 || f.selects(path[1:])) {
				return true
			}
		}
	}
	return false
}

// loaderSet is a set of loaders, one bit each.
type loaderSet uint64

func (s loaderSet) intersects(o loaderSet) bool { return s&o != 0 }
