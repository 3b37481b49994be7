package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docsquare/graph/limits"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// largestText is how many bytes a text of a document may have.
const largestText = 512 << 10

// allowed is a request just within a limit. Ask makes it new each time, so that it is parsed and executed.
type allowed struct {
	name string
	ask  func(n int) asking
	code string // of its error
}

// withins is requests of ann's just within each limit, and those that are the most work.
func withins(t *testing.T, app *apptest.App) []allowed {
	t.Helper()
	token := as(t, app, "ann").token
	signed := func(body string) asking {
		return asking{body: body, headers: []string{"Authorization", "Bearer " + token, "X-Cost", "1"}}
	}
	query := func(name, text string) allowed {
		return allowed{name, func(n int) asking { return signed(jsonBody(t, fmt.Sprintf("%s #%d", text, n), nil)) }, ""}
	}
	with := func(name, text string, vars func(n int) variables) allowed {
		return allowed{name, func(n int) asking { return signed(jsonBody(t, text, vars(n))) }, ""}
	}
	body := func(text string) func(n int) variables {
		return func(n int) variables { return variables{"b": fmt.Sprintf("%d %s", n, text)[:largestText]} }
	}
	const create = `mutation ($b: String) { createDocument(input: {title: "Within", body: $b, visibility: PUBLIC}) { document { id } } }`
	words := distinctWords(largestText)
	heavy := createdFrom(t, app, token, words)
	id := heavy["words"]
	list := []allowed{
		query("a text of 64 kB", "{ siteStats { users } }"+strings.Repeat("#", limits.Default.Bytes-40)),
		query("a name of 256 bytes", "{ "+strings.Repeat("x", limits.Default.NameBytes)+": siteStats { users } }"),
		query("1,900 tokens", "{ siteStats { "+strings.Repeat("users @include(if: true) ", 240)+"} }"),
		query("316 fields of one name", "{ siteStats { "+strings.Repeat("users ", 315)+"} }"),
		query("15 levels", "{ documents(first: 1) "+nested("{ nodes { author { documents(first: 1) ", "{ totalCount }", " } } }", 4)+" }"),
		query("100 aliases", "{ "+manyAliasesOf("document(id: \""+id+"\") { ", "title", 99)+" } }"),
		query("20 root fields", "{ "+strings.ReplaceAll(manyAliases("documents(first: 20) { nodes { title author { username } } }", 20), "\n", " ")+" }"),
		query("pages of pages", "{ documents(first: 20) { nodes { title comments(first: 20) { nodes { body author { username } replies(first: 3) { nodes { body } } } } } } }"),
		query("the largest page", "{ documents(first: 100) { nodes { title summary author { username stats { documents } } stats { likes } comments(first: 5) { nodes { body author { username } } } } } }"),
		query("an answer of almost 8 MiB", "{ document(id: \""+id+"\") { "+manyAliases("body", 15)+" } }"),
		query("HTML of almost 8 MiB", "{ document(id: \""+id+"\") { "+manyAliases("bodyHtml", 14)+" } }"),
		query("plain text of almost 8 MiB", "{ document(id: \""+id+"\") { "+manyAliases("plainText", 14)+" } }"),
		query("one document 100 times", "{ nodes(ids: ["+strings.Repeat("\""+id+"\", ", 100)+"]) { ... on Document { title tableOfContents { level text } summary } } }"),
		query("searches with snippets", "{ "+manyAliases(`search(query: "w1 w2 w3 w4 w5 w6 w7 w8", first: 20) { totalCount edges { score snippets { html } node { title } } }`, 8)+" }"),
		query("a search of 32 words", `{ search(query: "`+strings.Repeat("w1* ", 32)+`", first: 100) { totalCount edges { snippets { html } } } }`),
		query("a search of 32 beginnings of words", `{ search(query: "`+beginnings("", 32)+`", first: 100) { totalCount } }`),
		query("a search without 31 beginnings of words", `{ search(query: "w2 `+beginnings("-", 31)+`", first: 100) { totalCount } }`),
		query("suggestions", "{ "+manyAliases(`searchSuggestions(prefix: "w") { text }`, 20)+" }"),
		query("introspection", "{ __schema { types { name description fields { name description args { name type { name ofType { name } } } type { name ofType { name ofType { name } } } } } } }"),
		query("fragments that double, as far as the cost allows", doubling(3)),
		with("variables of 1 MB", `query ($b: String!) { user(username: $b) { id } }`, func(n int) variables { return variables{"b": fmt.Sprintf("%d", n) + strings.Repeat("x", 1<<20-300)} }),
		with("numbers of 1 MB", `query ($b: String!) { user(username: $b) { id } }`, func(n int) variables { return variables{"b": "ann", "x": make([]int, 1<<19-300), "n": n} }),
		with("a text of many words", create, body(words)),
		with("a text of headings", create, body(strings.Repeat("# a\n", largestText/4+1))),
		with("a text of emphasis", create, body(strings.Repeat("*a_b", largestText/4+1))),
		with("a text of links", create, body(strings.Repeat("[a](b", largestText/5+1))),
		with("a text of ideographs", create, body(ideographs(largestText))),
		{"a wrong password", func(int) asking {
			return signed(jsonBody(t, `mutation { login(input: {username: "within", password: "wrong password"}) { token } }`, nil))
		}, "UNAUTHENTICATED"},
		with("an account", `mutation ($n: String!, $e: String!) { register(input: {username: $n, email: $e, displayName: "N", password: "long enough it is"}) { user { id } } }`, func(n int) variables {
			return variables{"n": fmt.Sprintf("within%d", n), "e": fmt.Sprintf("within%d@example.org", n)}
		}),
		{"a form with 1 MiB of operations", func(n int) asking {
			a := signed(form(fmt.Sprintf(`{"query": "mutation ($f: Upload!) { uploadFile(input: {file: $f}) { file { id } } }", "variables": {"f": null, "n": %d, "a": "%s"}}`, n, strings.Repeat("x", 1<<20-300)), `{"0": ["variables.f"]}`))
			a.headers = append(a.headers, "Content-Type", "multipart/form-data; boundary=a")
			return a
		}, ""},
		{"a file of 1 MiB", func(n int) asking {
			a := signed(strings.Replace(form(`{"query": "mutation ($f: Upload!) { uploadFile(input: {file: $f}) { file { id } } }", "variables": {"f": null}}`, `{"0": ["variables.f"]}`),
				"\r\n\r\nx\r\n--a--", fmt.Sprintf("\r\n\r\n%d %s\r\n--a--", n, strings.Repeat("word ", (1<<20-100)/5)), 1))
			a.headers = append(a.headers, "Content-Type", "multipart/form-data; boundary=a")
			return a
		}, ""},
		{"a new text by its hash", func(n int) asking {
			text := fmt.Sprintf("{ siteStats { users } } #%d%s", n, strings.Repeat("#", 60_000))
			raw, err := json.Marshal(map[string]any{"query": text, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hashOf(text)}}})
			testkit.Must(t, err)
			return signed(string(raw))
		}, ""},
	}
	for name, document := range heavy {
		list = append(list, allowed{"HTML of " + name, func(n int) asking {
			return signed(jsonBody(t, fmt.Sprintf(`{ document(id: "%s") { bodyHtml tableOfContents { text } plainText } } #%d`, document, n), nil))
		}, ""})
	}
	return list
}

// jsonBody is a request in JSON.
func jsonBody(t *testing.T, query string, vars variables) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	testkit.Must(t, err)
	return string(raw)
}

// manyAliasesOf is a field with a selection of so many aliases, which is not closed.
func manyAliasesOf(open, field string, times int) string { return open + manyAliases(field, times) }

// beginnings is so many different beginnings of the words of distinctWords.
func beginnings(sign string, times int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "%sw%d* ", sign, i+1)
	}
	return text.String()
}

// distinctWords is a text of as many different words as possible.
func distinctWords(bytes int) string {
	var text strings.Builder
	for i := 0; text.Len() < bytes; i++ {
		fmt.Fprintf(&text, "w%d ", i)
		if i%12 == 11 {
			text.WriteByte('\n')
		}
	}
	return text.String()[:bytes]
}

// ideographs is a text of as many different ones as there are, again and again.
func ideographs(bytes int) string {
	var text strings.Builder
	for i := 0; text.Len() < bytes-3; i++ {
		text.WriteRune(rune(0x4e00 + i%20_000))
	}
	return text.String() + "   "
}

// createdFrom creates documents of the largest size with texts that are much work to render, and returns their identifiers by name.
func createdFrom(t *testing.T, app *apptest.App, token, words string) map[string]string {
	t.Helper()
	cells := strings.Repeat("| a ", 100) + "|\n"
	made := map[string]string{}
	for name, text := range map[string]string{
		"words":    words,
		"tables":   cells + strings.Repeat("|-", 100) + "|\n" + strings.Repeat(cells, largestText/len(cells)-2),
		"lists":    strings.Repeat("- a\n  - b\n", largestText/10),
		"emphasis": strings.Repeat("**a** `b` ", largestText/10),
	} {
		var out struct {
			CreateDocument struct{ Document struct{ ID string } }
		}
		client{handler: app.Handler, token: token}.must(t, `mutation ($b: String) { createDocument(input: {title: "Heavy", body: $b, visibility: PUBLIC}) { document { id } } }`, variables{"b": text}, &out)
		if _, err := nodeid.Parse(out.CreateDocument.Document.ID); err != nil {
			t.Fatal(err)
		}
		made[name] = out.CreateDocument.Document.ID
	}
	return made
}

// beyond is a hostile request that is refused, with what it must be answered.
func (x hostile) beyond(t *testing.T, w *sink) {
	t.Helper()
	code := ""
	if strings.Contains(w.text(), `"errors"`) {
		code = w.code(t)
	}
	if w.status != x.status || code != x.code || w.bytes > maxAnswer {
		t.Errorf("%s: %d %s, %d bytes: %.300s", x.name, w.status, code, w.bytes, w.text())
	}
}

// maxAnswer is how many bytes a refusal may have: none repeats what was sent, however long that is.
const maxAnswer = 8 << 10

// answered checks that a request within the limits is no failure of the server.
func (x allowed) answered(t *testing.T, w *sink) {
	t.Helper()
	code := ""
	if strings.Contains(w.text(), `"errors"`) {
		code = w.code(t)
	}
	if w.status != http.StatusOK || code != x.code {
		t.Errorf("%s: %d, %d bytes: %.300s", x.name, w.status, w.bytes, w.text())
	}
}
