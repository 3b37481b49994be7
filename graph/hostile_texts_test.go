package graph_test

import (
	"fmt"
	"strings"
)

// malformedTexts are the texts of operations of the OWASP GraphQL cheat sheet, of graphql-armor's tests and of known faults of libraries. The
// status of what can be read is 200.
func malformedTexts() []hostile {
	const input, cost = "BAD_USER_INPUT", "COST_LIMIT_EXCEEDED"
	const parse, validate = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
	return []hostile{
		posted("depth by a cycle of types", "{ documents(first: 1) "+nested("{ nodes { author { documents(first: 1) ", "{ totalCount }", " } } }", 20)+" }", cost),
		posted("depth of 2,000 braces", "{ "+nested("a { ", "b", " }", 900)+" }", parse),
		posted("aliases", "{ "+strings.Repeat("a: siteStats { users } ", 1)+manyAliases("user(username: \"ann\") { id }", 150)+" }", cost),
		posted("aliases of a mutation", "mutation { "+manyAliases(`login(input: {username: "a", password: "b"}) { token }`, 100)+" }", cost),
		posted("root fields", "{ "+manyAliases("siteStats { users }", 25)+" }", cost),
		posted("cost by pages", "{ documents(first: 100) { nodes { comments(first: 100) { nodes { author { id } } } } } }", cost),
		posted("cost by a page that is too large", "{ documents(first: 2147483647) { nodes { id } } }", input),
		posted("a page below zero", "{ documents(first: -1) { nodes { id } } }", input),
		posted("a page that is no number", `{ documents(first: "100") { nodes { id } } }`, validate),
		posted("a number beyond 32 bits", "{ documents(first: 99999999999999999999) { nodes { id } } }", validate),
		posted("fragments that double", doubling(14), cost),
		posted("fragments that double further", doubling(30), cost),
		posted("fragments in a circle", "{ documents { nodes { ...A } } } fragment A on Document { author { documents { nodes { ...B } } } } fragment B on Document { ...A }", validate),
		posted("a fragment in itself", "{ ...A } fragment A on Query { ...A }", validate),
		posted("a fragment that is not there", "{ ...A }", validate),
		posted("10,000 unknown directives", "{ __typename "+strings.Repeat("@a", 10000)+" }", parse),
		posted("1,000 unknown fields", "{ "+strings.Repeat("nope ", 1000)+"}", cost),
		posted("one field 1,900 times", "{ "+strings.Repeat("__typename ", 1900)+"}", cost),
		posted("fields that overlap", "{ "+strings.Repeat("siteStats { users } ", 400)+"}", cost),
		posted("one field 5,000 times", "{ "+strings.Repeat("__typename ", 5000)+"}", parse),
		posted("introspection of introspection", "{ __schema "+nested("{ types { fields { type ", "{ name }", " } } }", 30)+" }", validate),
		posted("a text of 100 kB", "{ __typename #"+strings.Repeat("x", 100_000)+"\n}", cost),
		posted("a name of 60 kB", "{ "+strings.Repeat("x", 60_000)+" }", cost),
		posted("an alias of 257 bytes", "{ "+strings.Repeat("x", 257)+": siteStats { users } }", cost),
		posted("200 unknown names of 256 bytes", "{ "+unknownNames(200, 256)+"}", validate),
		posted("1,900 unknown names of 32 bytes", "{ "+unknownNames(1900, 32)+"}", validate),
		posted("no operation", "fragment A on User { id }", validate),
		posted("two without a name", "{ __typename } { __typename }", validate),
		posted("an empty text", "", parse),
		posted("control characters", "{ \x01 }", parse),
		posted("a text that does not end", `{ user(username: "`, parse),
		posted("a block string that does not end", `{ user(username: """`, parse),
		posted("SQL in an argument", `{ user(username: "ann'; DROP TABLE users; --") { id } }`, ""),
		posted("NUL in an argument", `{ user(username: "a\u0000") { id } }`, input),
		posted("a subscription in a plain request", `subscription { documentChanged(documentId: "x") { id } }`, input),
		posted("parts for one who takes none", "{ siteStats { users ... @defer { comments } } }", input),
		posted("an operation of another type's id", `mutation { likeDocument(input: {documentId: "AQGcMfmSs3mPqKx3rlyTBjE"}) { document { id } } }`, input),
	}
}

// nested is a text around another, so many times.
func nested(open, inner, shut string, times int) string {
	return strings.Repeat(open, times) + inner + strings.Repeat(shut, times)
}

// doubling is fragments each of which spreads the next twice.
func doubling(n int) string {
	var text strings.Builder
	text.WriteString("{ documents { nodes { author { ...F0 } } } }")
	for i := range n {
		fmt.Fprintf(&text, " fragment F%d on User { a: documents(first: 1) { nodes { author { ...F%d } } } b: documents(first: 1) { nodes { author { ...F%d } } } }", i, i+1, i+1)
	}
	fmt.Fprintf(&text, " fragment F%d on User { id }", n)
	return text.String()
}

// unknownNames is names of fields that do not exist, each of so many bytes.
func unknownNames(times, bytes int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "%s%d ", strings.Repeat("x", bytes-4), 1000+i)
	}
	return text.String()
}

// manyAliases is a field under so many aliases.
func manyAliases(field string, times int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "b%d: %s ", i, field)
	}
	return text.String()
}
