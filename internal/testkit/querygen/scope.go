package querygen

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// scope records the response names of all selections that are merged into one object. It decides which fields may be added.
// It is stricter than the specification in one point: below fields of different object types, it treats the selections as if
// they could meet.
type scope struct {
	entries []*entry
}

// entry is a response name and its uses.
type entry struct {
	name  string
	shape string
	uses  []use
	// children is the scope of the selections below, empty for a leaf.
	children *scope
}

// use is a field with its arguments. Uses with one response name need equal fields and arguments unless their parents are
// different object types.
type use struct {
	parent    *ast.Definition
	field     *ast.FieldDefinition
	arguments []string
	shape     string
}

func (s *scope) find(name string) *entry {
	for _, e := range s.entries {
		if e.name == name {
			return e
		}
	}
	return nil
}

// fits reports whether a field may have the response name.
func (s *scope) fits(name string, u use) bool {
	e := s.find(name)
	return e == nil || e.fits(u)
}

// add records a field under a response name that fits.
func (s *scope) add(name string, u use) *entry {
	e := s.find(name)
	if e == nil {
		e = &entry{name: name, shape: u.shape, children: &scope{}}
		s.entries = append(s.entries, e)
	}
	if !slices.ContainsFunc(e.uses, func(other use) bool { return other.parent == u.parent }) {
		e.uses = append(e.uses, u)
	}
	return e
}

// accepts reports whether all fields of a fragment may be added.
func (s *scope) accepts(fragment *scope) bool {
	for _, added := range fragment.entries {
		e := s.find(added.name)
		if e == nil {
			continue
		}
		for _, u := range added.uses {
			if !e.fits(u) {
				return false
			}
		}
		if !e.children.accepts(added.children) {
			return false
		}
	}
	return true
}

// merge adds all fields of a fragment that the scope accepts.
func (s *scope) merge(fragment *scope) {
	for _, added := range fragment.entries {
		for _, u := range added.uses {
			s.add(added.name, u)
		}
		s.find(added.name).children.merge(added.children)
	}
}

func (e *entry) fits(u use) bool {
	if e.shape != u.shape {
		return false
	}
	return !slices.ContainsFunc(e.uses, func(other use) bool { return !other.compatible(u) })
}

// compatible reports whether two fields may have one response name if their shapes are equal.
func (u use) compatible(other use) bool {
	if u.parent != other.parent && u.parent.Kind == ast.Object && other.parent.Kind == ast.Object {
		return true
	}
	return u.field.Name == other.field.Name && u.signature() == other.signature()
}

func (u use) signature() string {
	return strings.Join(slices.Sorted(slices.Values(u.arguments)), ", ")
}
