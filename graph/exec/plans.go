package exec

import (
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// maxVariants is how many plans of one operation are kept, one for each combination of the values of its Boolean variables.
const maxVariants = 16

// textPerField is how many bytes of a text take about the memory of a field, once they are parsed.
const textPerField = 8

// plans keeps the plans of the operations that were executed last, bounded by their number and by the weight of all of them.
// Parsed documents are kept by gqlgen under their text, so an operation is one pointer as long as its document is known.
type plans struct {
	operations *lru.Cache[*ast.OperationDefinition, *variants]

	mu     sync.Mutex // held while a plan is added
	weight int        // of all plans
	limit  int        // of weight
}

// variants are the plans of one operation by the values of its conditions.
type variants struct {
	conditions []string // the Boolean variables in @skip, @include and @defer
	nonNull    []string // those in @skip and @include
	plans      *lru.Cache[string, *Plan]

	weight  int  // of all plans; guarded by plans.mu
	evicted bool // guarded by plans.mu
}

func newPlans(operations, weight int) *plans {
	s := &plans{limit: weight}
	s.operations, _ = lru.NewWithEvict(operations, func(_ *ast.OperationDefinition, v *variants) { // fails only for a size of 0
		s.weight -= v.weight
		v.evicted = true
	})
	return s
}

// of returns the variants of an operation.
func (s *plans) of(op *graphql.OperationContext) *variants {
	if v, known := s.operations.Get(op.Operation); known {
		return v
	}
	v := &variants{}
	v.conditions, v.nonNull = conditionsOf(op)
	v.plans, _ = lru.NewWithEvict(maxVariants, func(_ string, p *Plan) { // fails only for a size of 0
		s.weight -= p.weight
		v.weight -= p.weight
	})
	return v
}

// add keeps a plan, and drops the operations that were executed longest ago if all are too much.
func (s *plans) add(op *ast.OperationDefinition, v *variants, values string, p *Plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.evicted {
		return
	}
	if known, ok := s.operations.Peek(op); ok && known != v { // added by another request meanwhile
		return
	}
	if _, again := v.plans.Peek(values); again {
		return
	}
	s.weight += p.weight
	v.weight += p.weight
	v.plans.Add(values, p)
	s.operations.Add(op, v)
	for s.weight > s.limit && s.operations.Len() > 1 {
		s.operations.RemoveOldest()
	}
}

// plan returns the plan of an operation, from memory if it is known.
func (e *Executor) plan(op *graphql.OperationContext) (*Plan, error) {
	v := e.plans.of(op)
	for _, name := range v.nonNull {
		if op.Variables[name] == nil { // a nullable variable with a default is valid there
			return nil, gqlerror.Errorf("variable $%s is null, but @skip and @include need a Boolean: send true or false", name)
		}
	}
	values := v.values(op.Variables)
	if p, ok := v.plans.Get(values); ok {
		return p, nil
	}
	p, err := e.compile(op)
	if err == nil {
		e.plans.add(op.Operation, v, values, p)
	}
	return p, err
}

// values returns the values of the conditions, one letter each.
func (v *variants) values(variables map[string]any) string {
	if len(v.conditions) == 0 {
		return ""
	}
	var values strings.Builder
	for _, name := range v.conditions {
		if set, _ := variables[name].(bool); set {
			values.WriteByte('t')
		} else {
			values.WriteByte('f')
		}
	}
	return values.String()
}

// assumed returns variables with which an operation can be compiled before it is executed.
func assumed(op *ast.OperationDefinition) map[string]any {
	variables := map[string]any{}
	for _, v := range op.VariableDefinitions {
		if v.Type.NamedType == "Boolean" {
			variables[v.Variable] = false
		}
	}
	return variables
}
