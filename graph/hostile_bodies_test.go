package graph_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/config"
	"docsquare/internal/text/plaintext"
)

// bodyBounds are the limits on what a request and its answer are made of.
func bodyBounds(t *testing.T, s *hostileSite) []bound {
	t.Helper()
	cfg := config.Default()
	return []bound{
		{"bytes of a body", 1 << 20, func(n, size int) asking {
			return padded(size, fmt.Sprintf(`{"query": "{ siteStats { users } } #%d", "variables": {"a": "`, n), `"}}`)
		}, http.StatusRequestEntityTooLarge, "BAD_USER_INPUT"},
		{"levels of a body", 10_000, func(n, size int) asking {
			return asking{body: fmt.Sprintf(`{"query": "{ siteStats { users } } #%d", "variables": {"a": `, n) + nested("[", "1", "]", size-2) + `}}`}
		}, http.StatusBadRequest, "BAD_USER_INPUT"},
		{"values of a body", 20_000, func(n, size int) asking {
			const others = 4 // the request, the query, the variables, the list
			return asking{body: fmt.Sprintf(`{"query": "{ siteStats { users } } #%d,[{\"", "variables": {"a": [0`, n) + strings.Repeat(",0", size-others-1) + `]}}`}
		}, http.StatusBadRequest, "BAD_USER_INPUT"},
		{"values of operations", 20_000, func(n, size int) asking {
			const others = 5
			return form(fmt.Sprintf(`{"query": "{ siteStats { users } } #%d", "variables": {"f": null, "a": [""`, n)+strings.Repeat(`,""`, size-others-1)+`]}}`, `{"0": ["variables.f"]}`, "x")
		}, http.StatusBadRequest, "BAD_USER_INPUT"},
		{"values of variables by GET", 20_000, func(n, size int) asking {
			const others = 2
			return asking{query: fmt.Sprintf("query=%%7BsiteStats%%7Busers%%7D%%7D%%23%d&variables=%%7B%%22a%%22%%3A%%5B0", n) + strings.Repeat(",0", size-others-1) + "%5D%7D"}
		}, http.StatusBadRequest, "BAD_USER_INPUT"},
		{"bytes of operations and map", 1 << 20, func(n, size int) asking {
			const places = `{"0": ["variables.f"]}`
			a := padded(size-len(places), fmt.Sprintf(`{"query": "%s", "variables": {"f": null, "n": %d, "a": "`, uploading, n), `"}}`)
			return form(a.body, places, fmt.Sprint(n))
		}, http.StatusRequestEntityTooLarge, "BAD_USER_INPUT"},
		{"variables that a file fills", 100, func(n, size int) asking {
			names := make([]string, size)
			for i := range names {
				names[i] = fmt.Sprintf("f%d", i)
			}
			return form(fmt.Sprintf(`{"query": "{ siteStats { users } } #%d", "variables": {"%s": null}}`, n, strings.Join(names, `": null, "`)),
				`{"0": ["variables.`+strings.Join(names, `", "variables.`)+`"]}`, "x")
		}, http.StatusBadRequest, "BAD_USER_INPUT"},
		{"bytes of a file", int(cfg.FilesSmallBytes), func(n, size int) asking {
			const block = 64 << 10
			words, first := strings.Repeat("word\n", block/5+1)[:block], fmt.Sprintf("%d ", n)
			rest := size - len(first)
			pieces := append(slices.Repeat([]string{words}, rest/block), words[:rest%block], first)
			return form(`{"query": "`+uploading+`", "variables": {"f": null}}`, `{"0": ["variables.f"]}`, pieces...)
		}, http.StatusOK, "BAD_USER_INPUT"},
		answerBound(t, s, int(cfg.LimitAnswer)),
	}
}

// answerBound is the limit on the bytes of an answer. The last bytes are those of an alias.
func answerBound(t *testing.T, s *hostileSite, limit int) bound {
	t.Helper()
	const times, alias, title = 15, 100, "Hostile"
	frame := `{"a":{`
	for i := range times {
		frame += fmt.Sprintf(`"b%d":"",`, i)
	}
	frame = strings.TrimSuffix(frame, ",") + `},"b":{"body":"","` + strings.Repeat("x", alias) + `":"` + title + `"}}`
	large := s.create(t, strings.Repeat("x", plaintext.MaxText))
	rest := s.create(t, strings.Repeat("x", limit-len(frame)-times*plaintext.MaxText))
	return bound{"bytes of an answer, by an alias", alias, func(n, size int) asking {
		return asking{body: jsonBody(t, fmt.Sprintf(`{ a: document(id: "%s") { %s } b: document(id: "%s") { body %s: title } } #%d`,
			large, manyAliases("body", times), rest, strings.Repeat("x", size), n), nil)}
	}, http.StatusOK, "COST_LIMIT_EXCEEDED"}
}

const uploading = `mutation ($f: Upload!) { uploadFile(input: {file: $f}) { file { id } } }`

// padded is a request whose body has so many bytes, between a beginning and an end.
func padded(size int, open, shut string) asking {
	return asking{body: open + strings.Repeat("x", size-len(open)-len(shut)) + shut}
}

// form is a request with a form of operations, a map, and one file, which may be in several pieces.
func form(operations, places string, file ...string) asking {
	part := func(name, more string, values ...string) []string {
		head := "--a\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n"
		return append(append([]string{head}, values...), "\r\n")
	}
	return asking{
		pieces:  slices.Concat(part("operations", "", operations), part("map", "", places), part("0", `; filename="a.txt"`, file...), []string{"--a--\r\n"}),
		headers: []string{"Content-Type", formType},
	}
}

const formType = "multipart/form-data; boundary=a"

// malformedBodies are requests that cannot be read, or that the protocol refuses.
func malformedBodies() []hostile {
	const ok, bad, input = http.StatusOK, http.StatusBadRequest, "BAD_USER_INPUT"
	const typename = `{"query": "{ __typename }"}`
	post := func(name, body string, status int, code string, headers ...string) hostile {
		return always(name, asking{body: body, headers: headers}, status, code)
	}
	large := func(name string, times int, ask func(long string) asking, status int) hostile {
		return hostile{name, func(int) asking { return ask(strings.Repeat("x", times*(1<<20-300))) }, status, input}
	}
	return []hostile{
		post("an operation name that is not there", `{"query": "query A { __typename }", "operationName": "`+strings.Repeat("B", 50_000)+`"}`, ok, input),
		post("variables of the wrong type", `{"query": "query ($n: Int!) { documents(first: $n) { totalCount } }", "variables": {"n": {"$gt": 0}}}`, ok, input),
		large("a key of 1 MB in variables", 1, func(long string) asking {
			return asking{body: `{"query": "mutation ($i: LoginInput!) { login(input: $i) { token } }", "variables": {"i": {"username": "a", "password": "b", "` + long + `": 1}}}`}
		}, ok),
		large("a name of 1 MB for an enum", 1, func(long string) asking {
			return asking{body: `{"query": "query ($o: DocumentOrder) { documents(orderBy: $o) { totalCount } }", "variables": {"o": {"direction": "ASC", "field": "` + long + `"}}}`}
		}, ok),
		post("a variable that is missing", `{"query": "query ($n: Int!) { documents(first: $n) { totalCount } }"}`, ok, input),
		post("a batch", "["+strings.Repeat(typename+",", 999)+typename+"]", bad, input),
		post("no JSON", "{", bad, input),
		post("JSON that goes on", typename+" "+typename, bad, input),
		post("a number for a query", `{"query": 1}`, bad, input),
		post("a list for variables", `{"query": "{ __typename }", "variables": []}`, bad, input),
		post("no query", `{}`, bad, input),
		large("a body of 2 MB", 2, func(long string) asking {
			return asking{body: `{"query": "{ __typename }", "extensions": {"a": "` + long + `"}}`}
		}, http.StatusRequestEntityTooLarge),
		post("numbers of 1 MB", `{"query": "{ __typename }", "variables": {"a": [0`+strings.Repeat(",0", 1<<19-300)+`]}}`, bad, input),
		post("strings with commas of 1 MB", `{"query": "{ __typename }", "variables": {"a": "`+strings.Repeat(`\",[{`, 200_000)+`"}}`, ok, ""),
		post("broken UTF-8", "{\"query\": \"{ user(username: \\\"\xff\\\") { id } }\"}", ok, ""),
		post("XML", "<a/>", http.StatusUnsupportedMediaType, input, "Content-Type", "application/xml"),
		post("another character set", typename, http.StatusUnsupportedMediaType, input, "Content-Type", "application/json; charset=utf-16"),
		post("an answer as XML", typename, http.StatusNotAcceptable, input, "Accept", "application/xml"),
		always("a mutation by GET", asking{query: "query=" + url.QueryEscape("mutation { logout { loggedOut } }")}, http.StatusMethodNotAllowed, input),
		always("another method", asking{method: http.MethodPut, body: typename}, http.StatusMethodNotAllowed, input),
		always("a URL that is not encoded", asking{query: "query=%zz"}, bad, input),
		always("variables by GET that are none", asking{query: "query=%7B__typename%7D&variables=%5B1%5D"}, bad, input),
		post("a form without parts", "x", bad, input, "Content-Type", formType),
		always("a form that fills no null", form(`{"query": "{ __typename }", "variables": {"a": 1}}`, `{"0": ["variables.a.0.b"]}`, "x"), bad, input),
		always("a form that fills one variable a thousand times", form(`{"query": "{ __typename }", "variables": {"a": null}}`, `{"0": [`+strings.Repeat(`"variables.a",`, 999)+`"variables.a"]}`, "x"), bad, input),
		large("a form with 8 MB of operations", 8, func(long string) asking {
			return form(`{"query": "{ __typename }", "variables": {"a": "`+long+`"}}`, `{}`, "x")
		}, http.StatusRequestEntityTooLarge),
		post("a token that is none", typename, http.StatusUnauthorized, "UNAUTHENTICATED", "Authorization", "Bearer "+strings.Repeat("x", 5000)),
		post("a hash that is none", `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "../../etc/passwd"}}}`, ok, input),
		post("a hash of another version", `{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "`+hashOf("x")+`"}}}`, ok, input),
	}
}
