package graph_test

import (
	"fmt"
	"testing"
)

// TestSentencesOfGraphQLJS compares what clients are told of texts and variables with the sentences of graphql-js 16.
func TestSentencesOfGraphQLJS(t *testing.T) {
	const parse, validate, input = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"
	const (
		byID     = `query ($id: ID!) { document(id: $id) { id } }`
		firstN   = `query ($n: Int!) { documents(first: $n) { totalCount } }`
		filtered = `query ($f: DocumentFilter) { documents(filter: $f) { totalCount } }`
		comment  = `mutation ($i: AddCommentInput!) { addComment(input: $i) { comment { id } } }`
		create   = `mutation ($i: CreateDocumentInput!) { createDocument(input: $i) { document { id } } }`
	)
	app := served(t, "sqlite")
	for _, x := range []struct{ query, variables, code, message string }{
		{`{`, `{}`, parse, `Syntax Error: Expected Name, found <EOF>.`},
		{`{ viewer { id }`, `{}`, parse, `Syntax Error: Expected Name, found <EOF>.`},
		{`{ 标题 }`, `{}`, parse, `Syntax Error: Unexpected character: "标".`},
		{``, `{}`, parse, `Syntax Error: Unexpected <EOF>.`},
		{`{ user(username: "a`, `{}`, parse, `Syntax Error: Unterminated string.`},
		{`x`, `{}`, parse, `Syntax Error: Unexpected Name "x".`},

		{`{ nope }`, `{}`, validate, `Cannot query field "nope" on type "Query". Did you mean "node" or "nodes"?`},
		{`{ viewer { usrname } }`, `{}`, validate, `Cannot query field "usrname" on type "User". Did you mean "username"?`},
		{`{ document(id: "x", nme: 1) { id } }`, `{}`, validate, `Unknown argument "nme" on field "Query.document".`},
		{`{ document(idd: "x") { id } }`, `{}`, validate, ``},
		{`{ document { id } }`, `{}`, validate, `Field "document" argument "id" of type "ID!" is required, but it was not provided.`},
		{`{ documents(first: "x") { totalCount } }`, `{}`, validate, `Int cannot represent non-integer value: "x"`},
		{`{ document(id: true) { id } }`, `{}`, validate, `ID cannot represent a non-string and non-integer value: true`},
		{`{ user(username: 7) { id } }`, `{}`, validate, `String cannot represent a non string value: 7`},
		{`{ nodes(ids: true) { id } }`, `{}`, validate, `ID cannot represent a non-string and non-integer value: true`},
		{`{ documents(filter: "标题") { totalCount } }`, `{}`, validate, `Expected value of type "DocumentFilter", found "标题".`},
		{`{ documents(orderBy: {direction: "ASC"}) { totalCount } }`, `{}`, validate, `Enum "OrderDirection" cannot represent non-enum value: "ASC". Did you mean the enum value "ASC" or "DESC"?`},
		{`{ documents(orderBy: {direction: UP}) { totalCount } }`, `{}`, validate, `Value "UP" does not exist in "OrderDirection" enum.`},
		{`{ trendingDocuments(first: null) { id } }`, `{}`, validate, `Expected value of type "Int!", found null.`},
		{`{ document(id: $id) { id } }`, `{}`, validate, `Variable "$id" is not defined.`},
		{`query Q { document(id: $id) { id } }`, `{}`, validate, `Variable "$id" is not defined by operation "Q".`},
		{`query ($n: String) { documents(first: $n) { totalCount } }`, `{}`, validate, `Variable "$n" of type "String" used in position expecting type "Int".`},
		{`query ($x: Int) { viewer { id } }`, `{}`, validate, `Variable "$x" is never used.`},
		{`{ ...F }`, `{}`, validate, `Unknown fragment "F".`},

		{byID, `{}`, input, `Variable "$id" of required type "ID!" was not provided.`},
		{byID, `{"id": null}`, input, `Variable "$id" of non-null type "ID!" must not be null.`},
		{byID, `{"id": 1.5}`, input, `Variable "$id" got invalid value 1.5; ID cannot represent value: 1.5`},
		{firstN, `{"n": "5"}`, input, `Variable "$n" got invalid value "5"; Int cannot represent non-integer value: "5"`},
		{firstN, `{"n": 99999999999}`, input, `Variable "$n" got invalid value 99999999999; Int cannot represent non 32-bit signed integer value: 99999999999`},
		{filtered, `{"f": {"nope": 1}}`, input, `Variable "$f" got invalid value [Object]; Field "nope" is not defined by type "DocumentFilter".`},
		{filtered, `{"f": {"tags": "x"}}`, input, `Variable "$f" got invalid value [Object]; Field "tags" is not defined by type "DocumentFilter". Did you mean "tag"?`},
		{filtered, `{"f": "标题"}`, input, `Variable "$f" got invalid value "标题"; Expected type "DocumentFilter" to be an object.`},
		{filtered, `{"f": {"format": 7}}`, input, `Variable "$f" got invalid value 7 at "f.format"; Enum "DocumentFormat" cannot represent non-string value: 7.`},
		{filtered, `{"f": {"format": "pdf"}}`, input, `Variable "$f" got invalid value "pdf" at "f.format"; Value "pdf" does not exist in "DocumentFormat" enum. The values are MD, TXT, PDF, DOCX.`},
		{comment, `{"i": {"documentId": "x"}}`, input, `Variable "$i" got invalid value [Object]; Field "body" of required type "String!" was not provided.`},
		{comment, `{"i": {"documentId": "x", "body": null}}`, input, `Variable "$i" got invalid value null at "i.body"; Expected non-nullable type "String!" not to be null.`},
		{create, `{"i": {"tags": ["标签", 7]}}`, input, `Variable "$i" got invalid value 7 at "i.tags[1]"; String cannot represent a non string value: 7`},
		{create, `{"i": {"tags": "一", "title": "标题", "body": "正文"}}`, "UNAUTHENTICATED", ``}, // one value is a list
	} {
		w := asking{body: fmt.Sprintf(`{"query": %s, "variables": %s}`, jsonOf(t, x.query), x.variables)}.of(t, app.Handler)
		a := decoded(t, w)
		if a.code() != x.code || x.message != "" && a.Errors[0].Message != x.message {
			t.Errorf("%s with %s:\ngot  %s\nwant %s %s", x.query, x.variables, w.Body, x.code, x.message)
		}
	}
}
