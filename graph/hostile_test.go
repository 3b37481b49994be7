package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// hostile is a request that means no good, and what it is answered: the status, and the code of the error.
type hostile struct {
	name   string
	ask    asking
	status int
	code   string
}

// posted is a request with a query.
func posted(name, query, code string) hostile {
	body, _ := json.Marshal(map[string]string{"query": query}) // strings always can
	return hostile{name, asking{body: string(body)}, http.StatusOK, code}
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

// hostiles is the requests of the OWASP GraphQL cheat sheet, of graphql-armor's tests and of what is known of libraries,
// with an answer in JSON, whose status is 200 for whatever can be read.
func hostiles() []hostile {
	const ok, bad = http.StatusOK, http.StatusBadRequest
	const input, cost = "BAD_USER_INPUT", "COST_LIMIT_EXCEEDED"
	const parse, validate = "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
	big := strings.Repeat("x", 2<<20)
	list := []hostile{
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
		{"an operation name that is not there", asking{body: `{"query": "query A { __typename }", "operationName": "` + strings.Repeat("B", 50_000) + `"}`}, ok, input},
		{"variables of the wrong type", asking{body: `{"query": "query ($n: Int!) { documents(first: $n) { totalCount } }", "variables": {"n": {"$gt": 0}}}`}, ok, input},
		{"a key of 1 MB in variables", asking{body: `{"query": "mutation ($i: LoginInput!) { login(input: $i) { token } }", "variables": {"i": {"username": "a", "password": "b", "` + big[:1<<20-300] + `": 1}}}`}, ok, input},
		{"a name of 1 MB for an enum", asking{body: `{"query": "query ($o: DocumentOrder) { documents(orderBy: $o) { totalCount } }", "variables": {"o": {"direction": "ASC", "field": "` + big[:1<<20-300] + `"}}}`}, ok, input},
		{"a variable that is missing", asking{body: `{"query": "query ($n: Int!) { documents(first: $n) { totalCount } }"}`}, ok, input},
		{"deep variables", asking{body: `{"query": "{ __typename }", "variables": {"a": ` + nested("[", "1", "]", 9000) + `}}`}, ok, ""},
		{"variables beyond the depth of JSON", asking{body: `{"query": "{ __typename }", "variables": {"a": ` + nested("[", "1", "]", 20_000) + `}}`}, bad, input},
		{"a batch", asking{body: "[" + strings.Repeat(`{"query": "{ __typename }"},`, 999) + `{"query": "{ __typename }"}]`}, bad, input},
		{"no JSON", asking{body: "{"}, bad, input},
		{"JSON that goes on", asking{body: `{"query": "{ __typename }"} {"query": "{ __typename }"}`}, bad, input},
		{"a number for a query", asking{body: `{"query": 1}`}, bad, input},
		{"a list for variables", asking{body: `{"query": "{ __typename }", "variables": []}`}, bad, input},
		{"no query", asking{body: `{}`}, bad, input},
		{"a body of 2 MB", asking{body: `{"query": "{ __typename }", "extensions": {"a": "` + big + `"}}`}, http.StatusRequestEntityTooLarge, input},
		{"broken UTF-8", asking{body: "{\"query\": \"{ user(username: \\\"\xff\\\") { id } }\"}"}, ok, ""},
		{"XML", asking{body: "<a/>", headers: []string{"Content-Type", "application/xml"}}, http.StatusUnsupportedMediaType, input},
		{"another character set", asking{body: `{"query": "{ __typename }"}`, headers: []string{"Content-Type", "application/json; charset=utf-16"}}, http.StatusUnsupportedMediaType, input},
		{"an answer as XML", asking{body: `{"query": "{ __typename }"}`, headers: []string{"Accept", "application/xml"}}, http.StatusNotAcceptable, input},
		{"a mutation by GET", asking{query: "query=" + url.QueryEscape("mutation { logout { loggedOut } }")}, http.StatusMethodNotAllowed, input},
		{"another method", asking{method: http.MethodPut, body: `{"query": "{ __typename }"}`}, http.StatusMethodNotAllowed, input},
		{"a URL that is not encoded", asking{query: "query=%zz"}, bad, input},
		{"variables by GET that are none", asking{query: "query=%7B__typename%7D&variables=%5B1%5D"}, bad, input},
		{"a form without parts", asking{body: "x", headers: []string{"Content-Type", "multipart/form-data; boundary=a"}}, bad, input},
		{"a form that fills no null", asking{body: form(`{"query": "{ __typename }", "variables": {"a": 1}}`, `{"0": ["variables.a.0.b"]}`), headers: []string{"Content-Type", "multipart/form-data; boundary=a"}}, bad, input},
		{"a form that fills a thousand", asking{body: form(`{"query": "{ __typename }", "variables": {"a": null}}`, `{"0": [`+strings.Repeat(`"variables.a",`, 999)+`"variables.a"]}`), headers: []string{"Content-Type", "multipart/form-data; boundary=a"}}, bad, input},
		{"a form with 8 MB of operations", asking{body: form(`{"query": "{ __typename }", "variables": {"a": "`+strings.Repeat(big, 4)+`"}}`, `{}`), headers: []string{"Content-Type", "multipart/form-data; boundary=a"}}, http.StatusRequestEntityTooLarge, input},
		{"a token that is none", asking{body: `{"query": "{ __typename }"}`, headers: []string{"Authorization", "Bearer " + strings.Repeat("x", 5000)}}, http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"a hash that is none", asking{body: `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "../../etc/passwd"}}}`}, ok, input},
		{"a hash of another version", asking{body: `{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "` + hashOf("x") + `"}}}`}, ok, input},
	}
	return list
}

// unknownNames is names of fields that do not exist, each of so many bytes.
func unknownNames(times, bytes int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "%s%d ", strings.Repeat("x", bytes-3), 100+i)
	}
	return text.String()
}

func manyAliases(field string, times int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "b%d: %s ", i, field)
	}
	return text.String()
}

// form is a form with operations, a map, and one small file.
func form(operations, places string) string {
	part := func(name, more, value string) string {
		return "--a\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n"
	}
	return part("operations", "", operations) + part("map", "", places) + part("0", `; filename="a.txt"`, "x") + "--a--\r\n"
}

// TestHostileCrowd sends them all at once, many times, and the server goes on answering others.
func TestHostileCrowd(t *testing.T) {
	app := served(t, "sqlite")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, x := range hostiles() {
			x.ask.of(t, app.Handler)
		}
	}()
	for asked := 0; ; asked++ {
		var out struct{ SiteStats struct{ Users int } }
		as(t, app, "").must(t, `{ siteStats { users } }`, nil, &out)
		select {
		case <-done:
			if asked == 0 || out.SiteStats.Users == 0 {
				t.Errorf("%d others were answered, %+v", asked, out)
			}
			return
		default:
		}
	}
}
