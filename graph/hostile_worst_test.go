package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docsquare/internal/testkit"
	"docsquare/internal/text/plaintext"
)

// worst are the requests that are the most work that limits allow.
func worst(t *testing.T, s *hostileSite) []hostile {
	t.Helper()
	heavy := heavyTexts()
	documents := map[string]string{}
	for name, text := range heavy {
		documents[name] = s.create(t, text())
	}
	id := documents["words"]
	query := func(name, text string) hostile {
		return hostile{name, func(n int) asking { return asking{body: jsonBody(t, fmt.Sprintf("%s #%d", text, n), nil)} }, http.StatusOK, ""}
	}
	with := func(name, text, code string, vars func(n int) variables) hostile {
		return hostile{name, func(n int) asking { return asking{body: jsonBody(t, text, vars(n))} }, http.StatusOK, code}
	}
	list := []hostile{
		query("pages of pages", "{ documents(first: 20) { nodes { title comments(first: 20) { nodes { body author { username } replies(first: 3) { nodes { body } } } } } } }"),
		query("the largest page", "{ documents(first: 100) { nodes { title summary author { username stats { documents } } stats { likes } comments(first: 5) { nodes { body author { username } } } } } }"),
		query("20 pages", "{ "+manyAliases("documents(first: 20) { nodes { title author { username } } }", 20)+" }"),
		query("HTML of almost 8 MiB", "{ document(id: \""+id+"\") { "+manyAliases("bodyHtml", 14)+" } }"),
		query("plain text of almost 8 MiB", "{ document(id: \""+id+"\") { "+manyAliases("plainText", 14)+" } }"),
		query("one document 100 times", "{ nodes(ids: ["+strings.Repeat("\""+id+"\", ", 100)+"]) { ... on Document { title tableOfContents { level text } summary } } }"),
		query("searches with snippets", "{ "+manyAliases(`search(query: "w1 w2 w3 w4 w5 w6 w7 w8", first: 20) { totalCount edges { score snippets { html } node { title } } }`, 8)+" }"),
		query("a search of one beginning 32 times", `{ search(query: "`+strings.Repeat("w1* ", 32)+`", first: 100) { totalCount edges { snippets { html } } } }`),
		query("a search of 32 beginnings of words", `{ search(query: "`+beginnings("", 32)+`", first: 100) { totalCount } }`),
		query("a search without 31 beginnings of words", `{ search(query: "w2 `+beginnings("-", 31)+`", first: 100) { totalCount } }`),
		query("suggestions", "{ "+manyAliases(`searchSuggestions(prefix: "w") { text }`, 20)+" }"),
		query("introspection", "{ __schema { types { name description fields { name description args { name type { name ofType { name } } } type { name ofType { name ofType { name } } } } } } }"),
		query("fragments that double, as far as the cost allows", doubling(3)),
		with("a username of 1 MB", `query ($b: String!) { user(username: $b) { id } }`, "", func(n int) variables { return variables{"b": fmt.Sprint(n) + strings.Repeat("x", 1<<20-300)} }),
		with("a search of 1 MB", `query ($b: String!) { search(query: $b) { totalCount } }`, "", func(n int) variables { return variables{"b": fmt.Sprint(n) + strings.Repeat("文 ", 1<<18-300)} }),
		with("a suggestion of 1 MB", `query ($b: String!) { searchSuggestions(prefix: $b) { text } }`, "", func(n int) variables { return variables{"b": fmt.Sprint(n) + strings.Repeat("é", 1<<19-300)} }),
		with("a wrong password", `mutation { login(input: {username: "hostile", password: "wrong password"}) { token } }`, "UNAUTHENTICATED", func(int) variables { return nil }),
		with("an account", registration, "", func(n int) variables {
			return variables{"n": fmt.Sprintf("hostile%d", n), "e": fmt.Sprintf("hostile%d@example.org", n)}
		}),
		{"a new text by its hash", func(n int) asking {
			text := fmt.Sprintf("{ siteStats { users } } #%d%s", n, strings.Repeat("#", 60_000))
			raw, err := json.Marshal(map[string]any{"query": text, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hashOf(text)}}})
			testkit.Must(t, err)
			return asking{body: string(raw)}
		}, http.StatusOK, ""},
	}
	for name, text := range heavy {
		list = append(list,
			with("a text of "+name, createPublic, "", func(n int) variables { return variables{"b": numbered(n, text())} }),
			query("the HTML of "+name, `{ document(id: "`+documents[name]+`") { bodyHtml tableOfContents { text } plainText } }`))
	}
	return list
}

// numbered returns a text of the largest size with a number at its beginning.
func numbered(n int, text string) string {
	return strings.ToValidUTF8(fmt.Sprintf("%d %s", n, text)[:plaintext.MaxText-2], "")
}

// heavyTexts are texts of the largest size that are much work to index or to render, by what they consist of.
func heavyTexts() map[string]func() string {
	cells := strings.Repeat("| a ", 100) + "|\n"
	filled := func(text string) func() string {
		return func() string { return strings.Repeat(text, plaintext.MaxText/len(text)+1)[:plaintext.MaxText] }
	}
	return map[string]func() string{
		"words":      func() string { return distinctWords(plaintext.MaxText) },
		"ideographs": func() string { return ideographs(plaintext.MaxText) },
		"headings":   filled("# a\n"),
		"open marks": filled("*a_b"),
		"emphasis":   filled("**a** `b` "),
		"links":      filled("[a](b"),
		"lists":      filled("- a\n  - b\n"),
		"quotes":     filled("> > > a\n"),
		"tables":     filled(cells + strings.Repeat("|-", 100) + "|\n" + strings.Repeat(cells, 1000)),
	}
}

// jsonBody is a request in JSON, without escapes that would make it larger.
func jsonBody(t *testing.T, query string, vars variables) string {
	t.Helper()
	var body strings.Builder
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	testkit.Must(t, encoder.Encode(map[string]any{"query": query, "variables": vars}))
	return body.String()
}

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
	for i := 0; text.Len() <= bytes-3; i++ {
		text.WriteRune(rune(0x4e00 + i%20_000))
	}
	return text.String()
}
