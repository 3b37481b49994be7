package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// compared returns how many fields validation of a text compares. One that cannot be parsed will not be validated.
func (g Extension) compared(text string) int {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, g.Tokens)
	if err != nil {
		return 0
	}
	return comparisons(doc)
}

// comparisons returns a bound of the work of the rule that fields with the same response name can be merged
// (https://spec.graphql.org/October2021/#sec-Field-Selection-Merging): it compares each two of them.
func comparisons(doc *ast.QueryDocument) (n int) {
	names := map[string]int{}
	for _, o := range doc.Operations {
		count(names, o.SelectionSet)
	}
	for _, f := range doc.Fragments {
		count(names, f.SelectionSet)
	}
	for _, c := range names {
		n += c * c
	}
	return n
}

// count counts the fields of a selection by their response names.
func count(names map[string]int, set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			names[s.Alias]++ // the parser sets it to the name if there is no alias
			count(names, s.SelectionSet)
		case *ast.InlineFragment:
			count(names, s.SelectionSet)
		case *ast.FragmentSpread:
		}
	}
}
