package frontmatter

import (
	"maps"
	"strconv"
	"strings"
)

// Value is a value of front matter: a scalar, a list, or a mapping. At most one field is set; none for null.
type Value struct {
	Text string // a scalar as it is written: 2024 is "2024"
	List []Value
	Map  map[string]Value
}

// maxValues bounds the values of a Block, in which aliases may repeat others.
const maxValues = 10_000

// Get returns the first value that a mapping has for one of the keys; null if it has none.
func (v Value) Get(keys ...string) Value {
	for _, key := range keys {
		if found := v.Map[key]; found.Text != "" || found.List != nil || found.Map != nil {
			return found
		}
	}
	return Value{}
}

// Texts returns the scalars of a value in their order, also those of nested lists. Of a mapping it is the value of the first of
// the keys that it has, as in {name: ann}; nothing if it has none of these.
func (v Value) Texts(keys ...string) (all []string) {
	switch {
	case v.Text != "":
		return []string{v.Text}
	case v.Map != nil:
		if named := v.Get(keys...); named.Text != "" {
			return []string{named.Text}
		}
		return nil
	}
	for _, item := range v.List {
		all = append(all, item.Texts(keys...)...)
	}
	return all
}

// Bool returns a truth value as the formats write it; false for others, and whether it is one.
func (v Value) Bool() (value, ok bool) {
	switch strings.ToLower(v.Text) {
	case "yes", "on":
		return true, true
	case "no", "off":
		return false, true
	}
	value, err := strconv.ParseBool(strings.ToLower(v.Text))
	return value, err == nil
}

// Or returns a mapping with the keys that only the defaults have, also of the mappings in it. The keys of the defaults at the top become lower
// case.
func (v Value) Or(defaults Value) Value {
	return v.or(defaults.Lower())
}

func (v Value) or(defaults Value) Value {
	if v.isNull() {
		return defaults
	}
	if v.Map == nil || defaults.Map == nil {
		return v
	}
	all := maps.Clone(v.Map)
	for key, value := range defaults.Map {
		all[key] = all[key].or(value)
	}
	return Value{Map: all}
}

// Lower makes the keys of a mapping lower case: generators do not tell Tags from tags. The first of two wins.
func (v Value) Lower() Value {
	lower := make(map[string]Value, len(v.Map))
	for key, value := range v.Map {
		if l := strings.ToLower(key); l == key || lower[l].isNull() {
			lower[l] = value
		}
	}
	return Value{Map: lower}
}

func (v Value) isNull() bool { return v.Text == "" && v.List == nil && v.Map == nil }
