package limits

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// edits is how many comparisons of fields the edit distances of a name take, for each of its bytes.
const edits = 4

// names returns the bytes of the first name of a text that is too long, 0 if there is none, and the bytes of all names. For a name that does
// not exist, validation computes the edit distance to each name that does, which takes time in proportion to its length.
func (g Extension) names(text string) (long, all int) {
	for tokens := lexer.New(&ast.Source{Input: text}); ; {
		token, err := tokens.ReadToken()
		if err != nil || token.Kind == lexer.EOF { // the parser reports what cannot be read
			return 0, all
		}
		if token.Kind != lexer.Name {
			continue
		}
		if g.NameBytes > 0 && len(token.Value) > g.NameBytes {
			return len(token.Value), all
		}
		all += len(token.Value)
	}
}
