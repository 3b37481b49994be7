package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/nodeid"
)

// wrong is a value that is sent in a place where it does not belong, as a literal and as JSON.
type wrong struct{ literal, json string }

// wrongs are values of every form that JSON and GraphQL have, most of which are wrong wherever they are sent.
var wrongs = []wrong{
	{"null", "null"},
	{`"x"`, `"x"`},
	{`""`, `""`},
	{"true", "true"},
	{"7", "7"},
	{"-1", "-1"},
	{"1.5", "1.5"},
	{"99999999999", "99999999999"},
	{"99999999999999999999", "99999999999999999999"},
	{"1e400", "1e400"},
	{"[]", "[]"},
	{"[null]", "[null]"},
	{"[[1]]", "[[1]]"},
	{"{}", "{}"},
	{"{nope: 1}", `{"nope": 1}`},
	{"NOPE", `"NOPE"`},
	{"pdf", `"pdf"`},
	{`"2026-02-30T00:00:00Z"`, `"2026-02-30T00:00:00Z"`},
}

// inputPlace is a place for a value: an argument, or a field of an input object in it.
type inputPlace struct {
	name  string
	typ   *ast.Type
	query func(value string) string // a document with the value in the place
}

// inputPlaces is every argument of every field that can be reached from a root or from a node, and every field of an input object in one.
func inputPlaces(schema *ast.Schema) []inputPlace {
	ids := map[string]string{"Document": global(nodeid.Document, "doc01"), "User": global(nodeid.User, "ann"), "Comment": global(nodeid.Comment, "doc01/c1")}
	var places []inputPlace
	for _, def := range schema.Types {
		open, shut := "", ""
		switch id := ids[def.Name]; {
		case def == schema.Query:
			open, shut = "query %s {", "}"
		case def == schema.Mutation:
			open, shut = "mutation %s {", "}"
		case id != "":
			open, shut = fmt.Sprintf("query %%s { node(id: %q) { ... on %s {", id, def.Name), "} } }"
		default:
			continue
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			selection := ""
			if !schema.Types[f.Type.Name()].IsLeafType() {
				selection = " { __typename }"
			}
			for _, a := range f.Arguments {
				others := ""
				for _, o := range f.Arguments {
					if o != a && o.Type.NonNull && o.DefaultValue == nil {
						others += ", " + o.Name + ": " + fitting(schema, o.Type)
					}
				}
				at := func(value string) string {
					return open + " " + f.Name + "(" + a.Name + ": " + value + others + ")" + selection + " " + shut
				}
				places = append(places, within(schema, inputPlace{def.Name + "." + f.Name + "." + a.Name, a.Type, at}, 0)...)
			}
		}
	}
	return places
}

// within is a place and, if it is for an input object, the places in that.
func within(schema *ast.Schema, p inputPlace, depth int) []inputPlace {
	places := []inputPlace{p}
	def := schema.Types[p.typ.Name()]
	if def.Kind != ast.InputObject || p.typ.Elem != nil || depth == 3 {
		return places
	}
	for _, f := range def.Fields {
		others := ""
		for _, o := range def.Fields {
			if o != f && o.Type.NonNull && o.DefaultValue == nil {
				others += ", " + o.Name + ": " + fitting(schema, o.Type)
			}
		}
		at := func(value string) string { return p.query("{" + f.Name + ": " + value + others + "}") }
		places = append(places, within(schema, inputPlace{p.name + "." + f.Name, f.Type, at}, depth+1)...)
	}
	return places
}

// fitting is a literal of a type.
func fitting(schema *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[" + fitting(schema, t.Elem) + "]"
	}
	def := schema.Types[t.NamedType]
	switch {
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	case def.Kind == ast.InputObject:
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				fields = append(fields, f.Name+": "+fitting(schema, f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case t.NamedType == "Boolean":
		return "false"
	case t.NamedType == "ID":
		return fmt.Sprintf("%q", nodeid.ID{Type: nodeid.Document}.String())
	case t.NamedType == "String":
		return `"text"`
	}
	return "1"
}

// TestWrongInputIsTheClients sends values of every form to every argument and input field, as literals and in variables, and as
// the arguments of directives. The server may take or refuse them, but they are never its own fault.
func TestWrongInputIsTheClients(t *testing.T) {
	app := served(t, "sqlite")
	schema := present(t)
	c := as(t, app, "ann")
	send := func(name, query, variables string) {
		body := fmt.Sprintf(`{"query": %s, "variables": %s}`, jsonOf(t, query), variables)
		w := (asking{body: body, headers: []string{"Authorization", "Bearer " + c.token}}).of(t, app.Handler)
		if code := coded(t, w); code == "INTERNAL" || code == "" && strings.Contains(w.Body.String(), `"errors"`) {
			t.Errorf("%s: %s with %s: %d %s", name, query, variables, w.Code, w.Body)
		}
	}
	places := inputPlaces(schema)
	if len(places) < 100 {
		t.Fatalf("only %d places", len(places))
	}
	for _, p := range places {
		for _, x := range wrongs {
			send(p.name, fmt.Sprintf(p.query(x.literal), ""), "{}")
			for _, typ := range []string{p.typ.String(), strings.TrimSuffix(p.typ.String(), "!")} {
				send(p.name, fmt.Sprintf(p.query("$v"), "($v: "+typ+")"), `{"v": `+x.json+`}`)
			}
		}
		send(p.name, fmt.Sprintf(p.query("$v"), "($v: "+p.typ.String()+")"), `{}`)
	}
	for _, x := range wrongs {
		for _, directive := range []string{"@include(if: %s)", "@skip(if: %s)", "@defer(if: %s)", "@defer(label: %s)", "@include(nope: %s)", "@nope(if: %s)"} {
			send(directive, "{ siteStats { users ... "+fmt.Sprintf(directive, x.literal)+" { comments } } }", "{}")
			send(directive, "query ($v: Boolean!) { siteStats { users ... "+fmt.Sprintf(directive, "$v")+" { comments } } }", `{"v": `+x.json+`}`)
		}
	}
}

func jsonOf(t *testing.T, text string) string {
	t.Helper()
	raw, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestInputsAreExact checks what clients are told of values that are nearly right.
func TestInputsAreExact(t *testing.T) {
	app := served(t, "sqlite")
	for name, x := range map[string]struct{ body, code, words string }{
		"an enum in lower case":           {`{"query": "query ($f: DocumentFormat) { documents(filter: {format: $f}) { totalCount } }", "variables": {"f": "pdf"}}`, "BAD_USER_INPUT", "MD, TXT, PDF, DOCX"},
		"an enum that must be there":      {`{"query": "query ($o: OrderDirection!) { documents(orderBy: {direction: $o}) { totalCount } }", "variables": {"o": "asc"}}`, "BAD_USER_INPUT", "ASC, DESC"},
		"null in place of a default":      {`{"query": "query ($n: Int, $w: TrendingWindow) { trendingDocuments(first: $n, window: $w) { id } }", "variables": {"n": null, "w": null}}`, "BAD_USER_INPUT", "first must not be null: set the variable $n to a value, or leave it out of the variables for the default, 10"},
		"null for an enum with a default": {`{"query": "query ($w: TrendingWindow) { ...F } fragment F on Query { trendingDocuments(window: $w) { id } }", "variables": {"w": null}}`, "BAD_USER_INPUT", "window must not be null: set the variable $w to a value (DAY, WEEK, MONTH), or leave it out of the variables for the default, DAY"},
		"null in an input object":         {`{"query": "query ($d: OrderDirection) { documents(orderBy: {direction: $d}) { totalCount } }", "variables": {"d": null}}`, "BAD_USER_INPUT", "direction must not be null"},
		"no value for a default":          {`{"query": "query ($w: TrendingWindow) { trendingDocuments(window: $w) { id } }"}`, "", `"data"`},
		"a size that is no number":        {`{"query": "mutation ($i: StartUploadInput!) { startUpload(input: $i) { uploadUrl } }", "variables": {"i": {"name": "a.txt", "size": "abc"}}}`, "BAD_USER_INPUT", "whole number"},
		"an upload that is none":          {`{"query": "mutation ($f: Upload!) { uploadFile(input: {file: $f}) { file { id } } }", "variables": {"f": {}}}`, "BAD_USER_INPUT", "multipart/form-data"},
		"a whole number with a fraction":  {`{"query": "query ($n: Int) { documents(first: $n) { totalCount } }", "variables": {"n": 5.0}}`, "", `"totalCount"`},
		"a whole number in another form":  {`{"query": "query ($n: Int) { documents(first: $n) { totalCount } }", "variables": {"n": 0.5e1}}`, "", `"totalCount"`},
		"a number as a text":              {`{"query": "query ($n: Int) { documents(first: $n) { totalCount } }", "variables": {"n": "5"}}`, "BAD_USER_INPUT", "non-integer value: \\\"5\\\""},
		"a number that is not whole":      {`{"query": "query ($n: Int) { documents(first: $n) { totalCount } }", "variables": {"n": 5.5}}`, "BAD_USER_INPUT", ""},
		"a text for a condition":          {`{"query": "{ siteStats { users @include(if: \"x\") } }"}`, "GRAPHQL_VALIDATION_FAILED", ""},
		"a number beyond every condition": {`{"query": "query ($v: Boolean!) { siteStats { users @include(if: $v) } }", "variables": {"v": 1e400}}`, "BAD_USER_INPUT", ""},
	} {
		w := (asking{body: x.body}).of(t, app.Handler)
		if code := coded(t, w); code != x.code || !strings.Contains(w.Body.String(), x.words) {
			t.Errorf("%s: %s %s", name, code, w.Body)
		}
	}
}
