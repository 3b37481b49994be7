package querygen

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// builder generates one operation.
type builder struct {
	g         *Generator
	r         *rand.Rand
	kind      ast.Operation
	fragments []*fragment
	variables []*variable
	// names counts generated names of all kinds.
	names int
	// narrow prefers deep operations to wide ones.
	narrow bool
}

// chance returns true in the given percentage of calls.
func (b *builder) chance(percent int) bool {
	return b.r.IntN(100) < percent
}

// newName returns a name that no other generated name of the operation equals.
func (b *builder) newName(prefix string) string {
	b.names++
	return fmt.Sprintf("%s%d", prefix, b.names)
}

func pick[T any](r *rand.Rand, list []T) T {
	return list[r.IntN(len(list))]
}

func (b *builder) operation(root *ast.Definition) Operation {
	at := place{parent: root, scope: &scope{}, levels: b.g.depth, root: true}
	var set []selection
	if b.kind == ast.Subscription {
		set = []selection{b.subscriptionField(at)}
	} else {
		set = b.selectionSet(at, b.g.fields)
	}
	op := Operation{Variables: map[string]any{}}
	if b.chance(80) {
		op.Name = b.newName("Op")
	}
	for _, v := range b.variables {
		if v.given {
			op.Variables[v.name] = v.value
		}
	}
	op.Query = b.document(op.Name, set)
	return op
}

// document returns the text of the operation and its fragments, in a random order.
func (b *builder) document(name string, set []selection) string {
	parts := []string{b.header(name) + block(set, "") + "\n"}
	for _, f := range b.fragments {
		parts = append(parts, fmt.Sprintf("fragment %s on %s%s\n", f.name, f.on.Name, block(f.set, "")))
	}
	b.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "\n")
}

// header returns the operation up to its selection set. It is empty for the short form of a query.
func (b *builder) header(name string) string {
	if name == "" && len(b.variables) == 0 && b.kind == ast.Query && b.chance(50) {
		return ""
	}
	text := string(b.kind)
	if name != "" {
		text += " " + name
	}
	if len(b.variables) == 0 {
		return text
	}
	var definitions []string
	for _, v := range b.variables {
		definitions = append(definitions, v.definition())
	}
	return text + "(" + strings.Join(definitions, ", ") + ")"
}

// block returns a selection set with braces.
func block(set []selection, indent string) string {
	var text strings.Builder
	text.WriteString(" {\n")
	for _, s := range set {
		text.WriteString(indent + "  " + s.text)
		if len(s.children) > 0 {
			text.WriteString(block(s.children, indent+"  "))
		}
		text.WriteString("\n")
	}
	text.WriteString(indent + "}")
	return text.String()
}
