package script

// maxResolved is how many values are resolved.
const maxResolved = 200_000

// resolver replaces the names of constants by their values.
type resolver struct {
	constants map[string]Value
	changed   map[string]bool
	left      int
}

// resolve returns a value in which the names of constants are replaced. What stays unknown is computed.
func (r *resolver) resolve(v Value, depth int) Value {
	if r.left--; r.left < 0 || depth > maxDepth {
		return Value{}
	}
	if constant, ok := r.constants[v.Text]; v.Kind == Computed && len(v.Items) == 0 && ok && !r.changed[v.Text] {
		return r.resolve(constant, depth+maxDepth/10) // constants that name each other end soon
	}
	out := v
	out.Items, out.Fields = nil, nil
	for _, item := range v.Items {
		if v.Kind == List && item.Kind == Computed && item.Text == spread {
			out.Items = append(out.Items, r.spread(item.Items[0], depth).Items...)
			continue
		}
		out.Items = append(out.Items, r.resolve(item, depth+1))
	}
	for _, f := range v.Fields {
		value := r.resolve(f.Value, depth+1)
		switch {
		case f.Name != spread:
			out.Fields = append(out.Fields, Field{f.Name, value})
		case value.Kind == Object:
			out.Fields = append(out.Fields, value.Fields...)
		default:
			out.Fields = append(out.Fields, Field{"", value})
		}
	}
	return out
}

// spread returns the list that is spread in another one; a list of one computed value if it is not known.
func (r *resolver) spread(v Value, depth int) Value {
	if v = r.resolve(v, depth+1); v.Kind == List {
		return v
	}
	return Value{Kind: List, Items: []Value{{Items: []Value{v}}}}
}
