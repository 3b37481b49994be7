package graph_test

import (
	"encoding/json"
	"slices"
)

// exceeds returns in what a reply has more than another, which may have nulls and errors in its place: each error has a
// counterpart in the other, at its path or above it, and no value of the other is another one. It is empty if that holds.
func (r reply) exceeds(other reply) string {
	for _, e := range r.errors {
		if !slices.ContainsFunc(other.errors, func(o string) bool { return isAbove(pathOf(o), pathOf(e)) }) {
			return "there is no error for " + e + "\n" + r.diff(other)
		}
	}
	return r.differs(other, func(_, counterpart any) bool { return counterpart == nil })
}

// contradicts returns in what two replies differ other than by nulls and errors, which both may have.
func (r reply) contradicts(other reply) string {
	return r.differs(other, func(value, counterpart any) bool { return value == nil || counterpart == nil })
}

// differs compares the data of two replies. Unequal values are accepted if except returns true.
func (r reply) differs(other reply, except func(value, counterpart any) bool) string {
	var own, others any
	if json.Unmarshal([]byte(r.data), &own) != nil || json.Unmarshal([]byte(other.data), &others) != nil {
		return "the data is not JSON\n" + r.diff(other)
	}
	if !agree(own, others, except) {
		return "a value differs\n" + r.diff(other)
	}
	return ""
}

func agree(a, b any, except func(a, b any) bool) bool {
	if except(a, b) {
		return true
	}
	switch a := a.(type) {
	case map[string]any:
		object, _ := b.(map[string]any)
		for name, value := range a {
			if other, ok := object[name]; !ok || !agree(value, other, except) {
				return false
			}
		}
		return len(object) == len(a)
	case []any:
		list, _ := b.([]any)
		return slices.EqualFunc(a, list, func(a, b any) bool { return agree(a, b, except) })
	}
	return a == b
}

func isAbove(path, other []any) bool {
	return len(path) <= len(other) && slices.Equal(path, other[:len(path)])
}

// pathOf returns the path of an error.
func pathOf(e string) []any {
	var parsed struct{ Path []any }
	_ = json.Unmarshal([]byte(e), &parsed) // it was encoded from an error
	return parsed.Path
}
