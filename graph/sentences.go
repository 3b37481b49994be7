package graph

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"

	"docsquare/graph/inputs"
	"docsquare/graph/request"
	"docsquare/internal/errs"
)

// inSentences gives an error of the parser or the validator the code of the contract and the sentence of graphql-js. Tools and
// tests of clients know those. Errors of others are returned as they are.
func inSentences(ctx context.Context, e *gqlerror.Error) *gqlerror.Error {
	switch e.Extensions["code"] {
	case errcode.ParseFailed:
		e.Message, e.Extensions["code"] = syntaxSentence(ctx, e.Message), errs.ParseFailed
	case errcode.ValidationFailed:
		if len(e.Path) > 0 && e.Path[0] == ast.PathName("variable") {
			return aboutVariables(ctx, e)
		}
		e.Message, e.Extensions["code"] = nullSentence(ctx, e, validationSentence(e.Message)), errs.ValidationFailed
		if text := graphql.GetOperationContext(ctx).RawQuery; strings.TrimSpace(text) == "" { // which the parser accepts
			e.Message, e.Extensions["code"] = "Syntax Error: Unexpected <EOF>.", errs.ParseFailed
		}
	}
	return e
}

// aboutVariables returns the error for the values of variables that the validator has refused.
func aboutVariables(ctx context.Context, e *gqlerror.Error) *gqlerror.Error {
	if op := graphql.GetOperationContext(ctx); op.Operation != nil {
		if explained := inputs.Explain(published(), op.Operation, request.Of(ctx).Variables); explained != nil {
			return explained
		}
	}
	e.Extensions["code"] = errs.BadUserInput
	attachField(ctx, e)
	return e
}

var tokenLimit = regexp.MustCompile(`^exceeded token limit of (\d+)$`)

func syntaxSentence(ctx context.Context, message string) string {
	if strings.Contains(message, lexer.Invalid.String()) {
		message = invalidToken(graphql.GetOperationContext(ctx).RawQuery, message)
	}
	message = tokenLimit.ReplaceAllString(message, "Document contains more than $1 tokens. Parsing aborted")
	return "Syntax Error: " + strings.TrimSuffix(message, ".") + "."
}

// invalidToken returns what is wrong with the first invalid token of a text, which the parser does not pass on.
func invalidToken(text, message string) string {
	tokens := lexer.New(&ast.Source{Input: text})
	for {
		token, err := tokens.ReadToken()
		if e := new(gqlerror.Error); errors.As(err, &e) {
			if r, size := utf8.DecodeRuneInString(text[token.Pos.Start:]); size > 0 && strings.HasPrefix(e.Message, unexpected) {
				return fmt.Sprintf("Unexpected character: %q.", string(r)) // the tokens have only its first byte
			}
			return e.Message
		}
		if err != nil || token.Kind == lexer.EOF {
			return message
		}
	}
}

const unexpected = "Cannot parse the unexpected character"

var (
	// quotedEnum finds the type in a sentence about an enum. The validator writes it with its modifiers.
	quotedEnum = regexp.MustCompile(`^((?:Enum|Value ".*" does not exist in) )"\[*(\w+)[\]!]*"`)
	// listedScalar finds a sentence about a scalar in a list, which the validator writes as one about the list.
	listedScalar = regexp.MustCompile(`(?s)^Expected value of type "\[+(Int|Float|String|Boolean|ID)[\]!]+", found (.+)\.$`)
)

// unfit are the sentences about literals that are none of a scalar, without the literal.
var unfit = map[string]string{
	"Int": "Int cannot represent non-integer value: ", "Float": "Float cannot represent non numeric value: ", "String": "String cannot represent a non string value: ",
	"Boolean": "Boolean cannot represent a non boolean value: ", "ID": "ID cannot represent a non-string and non-integer value: ",
}

var (
	nullInOneOf   = regexp.MustCompile(`^Field "(\w+)\.\w+" must be non-null\.$`)
	nameOfLiteral = regexp.MustCompile(`(\w+)[\s,]*:[\s,]*$`)
)

// nullSentence names the field that is null in an input with @oneOf. The validator names the first field of the type.
func nullSentence(ctx context.Context, e *gqlerror.Error, message string) string {
	m := nullInOneOf.FindStringSubmatch(message)
	if m == nil || len(e.Locations) != 1 {
		return message
	}
	lines := strings.SplitAfter(graphql.GetOperationContext(ctx).RawQuery, "\n")
	at := e.Locations[0]
	if at.Line > len(lines) {
		return message
	}
	line := []rune(lines[at.Line-1])
	before := strings.Join(lines[:at.Line-1], "") + string(line[:min(at.Column-1, len(line))])
	if name := nameOfLiteral.FindStringSubmatch(before); name != nil {
		return fmt.Sprintf(`Field "%s.%s" must be non-null.`, m[1], name[1])
	}
	return message
}

func validationSentence(message string) string {
	if m := listedScalar.FindStringSubmatch(message); m != nil && m[2] != "null" {
		return unfit[m[1]] + m[2]
	}
	return quotedEnum.ReplaceAllString(message, `$1"$2"`)
}
