package exec

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// maxVariants is how many plans of one operation are kept, one for each combination of the values of its Boolean variables.
const maxVariants = 16

// plans keeps the plans of the operations that were executed last. Parsed documents are kept by gqlgen under their text, so an
// operation is one pointer as long as its document is known.
type plans struct {
	operations *lru.Cache[*ast.OperationDefinition, *variants]
}

// variants are the plans of one operation by the values of its conditions.
type variants struct {
	conditions []string // the Boolean variables in @skip, @include and @defer
	nonNull    []string // those in @skip and @include
	plans      *lru.Cache[string, *Plan]
	only       *Plan // of an operation without conditions
}

func newPlans(limit int) *plans {
	operations, _ := lru.New[*ast.OperationDefinition, *variants](limit) // fails only for a size of 0
	return &plans{operations}
}

// plan returns the plan of an operation, from memory if it is known.
func (e *Executor) plan(op *graphql.OperationContext) (*Plan, error) {
	v, known := e.plans.operations.Get(op.Operation)
	if known && v.only != nil {
		return v.only, nil
	}
	if !known {
		v = &variants{}
		v.conditions, v.nonNull = conditionsOf(op)
	}
	for _, name := range v.nonNull {
		if op.Variables[name] == nil { // a nullable variable with a default is valid there
			return nil, gqlerror.Errorf("variable $%s is null, but @skip and @include need a Boolean: send true or false", name)
		}
	}
	if len(v.conditions) == 0 {
		p, err := e.compile(op)
		if err == nil {
			e.plans.operations.Add(op.Operation, &variants{only: p})
		}
		return p, err
	}
	if !known {
		v.plans, _ = lru.New[string, *Plan](maxVariants) // fails only for a size of 0
		e.plans.operations.Add(op.Operation, v)
	}
	values := v.values(op.Variables)
	if p, ok := v.plans.Get(values); ok {
		return p, nil
	}
	p, err := e.compile(op)
	if err == nil {
		v.plans.Add(values, p)
	}
	return p, err
}

// values returns the values of the conditions, one letter each.
func (v *variants) values(variables map[string]any) string {
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
