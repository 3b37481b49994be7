package querygen_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"docsquare/internal/testkit/querygen"
)

func ExampleGenerator_Query() {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { user(id: ID!): User } type User { name: String }`})
	generator := querygen.New(querygen.Options{
		Schema: schema,
		Values: func(_ *rand.Rand, argument querygen.Argument, _ *ast.Type) (any, bool) {
			return "user-1", strings.HasSuffix(argument.Name, "id")
		},
	})
	operation := generator.Query(rand.New(rand.NewPCG(1, 2)))
	_, errs := gqlparser.LoadQueryWithRules(schema, operation.Query, rules.NewDefaultRules())
	fmt.Println(errs == nil)
	// Output: true
}
