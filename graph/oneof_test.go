package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestOneOf sends inputs with @oneOf none, one and two of their fields, and null, as literals and in variables.
func TestOneOf(t *testing.T) {
	const validate, input = "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"
	app := served(t, "sqlite")
	const literal = `mutation { invalidateCache(input: %s) { tags } }`
	const variable = `mutation ($i: InvalidateCacheInput!) { invalidateCache(input: $i) { tags } }`
	for _, x := range []struct{ query, variables, code, message string }{
		{fmt.Sprintf(literal, `{kind: "user"}`), `{}`, "", ""},
		{fmt.Sprintf(literal, `{everything: true}`), `{}`, "", ""},
		{fmt.Sprintf(literal, `{}`), `{}`, validate, `OneOf Input Object "InvalidateCacheInput" must specify exactly one key.`},
		{fmt.Sprintf(literal, `{kind: "user", tag: "标签"}`), `{}`, validate, `OneOf Input Object "InvalidateCacheInput" must specify exactly one key.`},
		{fmt.Sprintf(literal, `{kind: "user", tag: null}`), `{}`, validate, `OneOf Input Object "InvalidateCacheInput" must specify exactly one key.`},
		{fmt.Sprintf(literal, "{# 标签\n  tag:\n null}"), `{}`, validate, `Field "InvalidateCacheInput.tag" must be non-null.`},
		{`mutation ($k: String!) { invalidateCache(input: {kind: $k}) { tags } }`, `{"k": "user"}`, "", ""},
		{`mutation ($k: String) { invalidateCache(input: {kind: $k}) { tags } }`, `{"k": "user"}`, validate, `Variable "$k" is of type "String" but must be non-nullable to be used for OneOf Input Object "InvalidateCacheInput".`},
		{variable, `{"i": {"tag": "square"}}`, "", ""},
		{variable, `{"i": {}}`, input, `Variable "$i" got invalid value [Object]; Exactly one key must be specified for OneOf type "InvalidateCacheInput". The keys are kind, tag, nodeId, everything.`},
		{variable, `{"i": {"tag": "标签", "everything": true}}`, input, `Variable "$i" got invalid value [Object]; Exactly one key must be specified for OneOf type "InvalidateCacheInput". The keys are kind, tag, nodeId, everything.`},
		{variable, `{"i": {"kind": null}}`, input, `Variable "$i" got invalid value null at "i.kind"; Field "kind" must be non-null.`},
		{variable, `{"i": {"kind": null, "tag": "square"}}`, input, `Variable "$i" got invalid value [Object]; Exactly one key must be specified for OneOf type "InvalidateCacheInput". The keys are kind, tag, nodeId, everything.`},
		{variable, `{"i": {"everything": false}}`, input, ""},
		{`mutation { deleteAccount(input: {}) { userId } }`, `{}`, validate, `OneOf Input Object "DeleteAccountInput" must specify exactly one key.`},
		{`mutation { deleteAccount(input: {password: "a", username: "b"}) { userId } }`, `{}`, validate, `OneOf Input Object "DeleteAccountInput" must specify exactly one key.`},
	} {
		body := fmt.Sprintf(`{"query": %s, "variables": %s}`, jsonOf(t, x.query), x.variables)
		w := asking{body: body, headers: []string{"Authorization", "Bearer " + as(t, app, "cy").token}}.of(t, app.Handler)
		if a := decoded(t, w); a.code() != x.code || x.message != "" && a.Errors[0].Message != x.message {
			t.Errorf("%s with %s:\ngot  %s\nwant %s %s", x.query, x.variables, w.Body, x.code, x.message)
		}
	}
}

// TestOneOfIsDeclared wants @oneOf on each input that is described as taking exactly one field, and the rules of the
// specification for its fields.
func TestOneOfIsDeclared(t *testing.T) {
	var declared []string
	for _, def := range present(t).Types {
		if def.Kind != ast.InputObject {
			continue
		}
		is := def.Directives.ForName("oneOf") != nil
		if is != strings.Contains(strings.ToLower(def.Description), "exactly one") {
			t.Errorf("%s, %q: @oneOf is %v", def.Name, def.Description, is)
		}
		if !is {
			continue
		}
		declared = append(declared, def.Name)
		for _, f := range def.Fields {
			if f.Type.NonNull || f.DefaultValue != nil {
				t.Errorf("%s.%s must be nullable, without a default", def.Name, f.Name)
			}
		}
	}
	if slices.Sort(declared); !slices.Equal(declared, []string{"DeleteAccountInput", "InvalidateCacheInput"}) {
		t.Errorf("declared are %v", declared)
	}
}
