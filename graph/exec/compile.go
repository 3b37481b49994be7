package exec

import (
	"errors"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// ErrTooManyFields is the error of an operation whose fragments multiply into more fields than a plan may have.
var ErrTooManyFields = errors.New("exec: the operation selects too many fields")

// errNoPlan is the error of an operation that only the runtime of gqlgen executes.
var errNoPlan = errors.New("exec: no plan is made for this operation")

// visitsPerField bounds the time that an operation takes to compile: how many fields and fragments are visited for each field
// that a plan may have.
const visitsPerField = 10

// compiler turns an operation into a plan.
type compiler struct {
	executor  *Executor
	collector collector
	nodes     int
	fields    int
	deferred  bool // whether the operation is answered in parts
}

// compile returns the plan of an operation for the values of the Boolean variables in its conditions. The operation must be
// valid.
func (e *Executor) compile(op *graphql.OperationContext) (*Plan, error) {
	root := e.rootType(op.Operation.Operation)
	if root == nil {
		return nil, errNoPlan
	}
	c := &compiler{executor: e, collector: collector{
		variables: op.Variables, index: map[string]int{}, seen: map[string]bool{}, visits: visitsPerField * e.options.MaxFields,
	}}
	n, err := c.node(root, op.Operation.SelectionSet)
	if err != nil {
		return nil, err
	}
	if c.deferred && op.Operation.Operation != ast.Query {
		return nil, errNoPlan
	}
	return &Plan{operation: op.Operation.Operation, root: n, nodes: c.nodes, fields: c.fields, weight: c.fields + len(op.RawQuery)/textPerField}, nil
}

func (e *Executor) rootType(kind ast.Operation) *Type {
	switch kind {
	case ast.Query:
		return e.schema.Types[e.schema.Query]
	case ast.Mutation:
		return e.schema.Types[e.schema.Mutation]
	case ast.Subscription:
		return e.schema.Types[e.schema.Subscription]
	}
	return nil
}

func (c *compiler) node(t *Type, set ast.SelectionSet) (*node, error) {
	n := &node{index: c.nodes, typ: t}
	c.nodes++
	fields, err := c.collect(t, set)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		s, err := c.selection(n, f)
		if err != nil {
			return nil, err
		}
		if f.IsDeferred() {
			d := n.deferral(f.Deferrables[0].Label)
			d.fields = append(d.fields, s)
			c.deferred = true
			continue
		}
		n.fields = append(n.fields, s)
		switch {
		case s.constant != nil || s.def.Append != nil:
		case s.edge != nil && s.edge.Early:
			n.early = append(n.early, s)
			n.fetch = append(n.fetch, s)
		default:
			n.fetch = append(n.fetch, s)
		}
	}
	return n, nil
}

func (c *compiler) selection(n *node, f graphql.CollectedField) (*selection, error) {
	if c.fields++; c.fields > c.executor.options.MaxFields {
		return nil, ErrTooManyFields
	}
	s := &selection{CollectedField: f, index: c.fields - 1, owner: n, key: append(AppendString(nil, f.Alias), ':')}
	if f.Name == "__typename" {
		s.constant = AppendString(nil, n.typ.Name)
		return s, nil
	}
	if s.def = n.typ.Fields[f.Name]; s.def == nil {
		return nil, errNoPlan // introspection
	}
	if edge, ok := c.executor.edges[n.typ.Name+"."+f.Name]; ok {
		s.edge = &edge
		s.asks, s.then = c.executor.set(edge.Loaders), c.executor.set(edge.Then)
		s.constantArgs = !slices.ContainsFunc(s.Arguments, func(a *ast.Argument) bool { return usesVariable(a.Value) })
	}
	return s, c.children(s)
}

// children compiles what is selected below a field, for each object type that its value can have.
func (c *compiler) children(s *selection) error {
	if s.def.Type.Leaf {
		return nil
	}
	t := c.executor.schema.Types[s.def.Type.Name]
	if t == nil {
		return fmt.Errorf("exec: the schema has no type %s", s.def.Type.Name)
	}
	names := t.Possible
	if t.Concrete == nil {
		names = []string{t.Name}
	} else {
		s.abstract = t
	}
	for _, name := range names {
		n, err := c.node(c.executor.schema.Types[name], s.Selections)
		if err != nil {
			return err
		}
		s.children = append(s.children, n)
		for _, f := range n.fields {
			s.below |= f.asks | f.then | f.below
		}
	}
	return nil
}
