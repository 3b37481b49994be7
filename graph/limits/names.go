package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// longName returns the bytes of the first name of a text that is too long, 0 if there is none. For a name that does not exist, validation
// computes the edit distance to each name that does, which takes time in proportion to its length.
func (g Extension) longName(text string) int {
	if g.NameBytes <= 0 || len(text) <= g.NameBytes {
		return 0
	}
	for tokens := lexer.New(&ast.Source{Input: text}); ; {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF { // the parser reports what cannot be read
			return 0
		}
		if token.Kind == lexer.Name && len(token.Value) > g.NameBytes {
			return len(token.Value)
		}
	}
}
