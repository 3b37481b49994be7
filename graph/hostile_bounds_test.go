package graph_test

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"docsquare/graph/limits"
	"docsquare/internal/config"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/text/plaintext"
)

// bound is a limit on the size of something in a request. A request of the most that is allowed has no error.
type bound struct {
	name   string
	most   int
	ask    func(n, size int) asking // a new request each time, of that size
	status int                      // beyond it
	code   string                   // beyond it; empty: what is too much is ignored
}

// requests returns a request that is just within each limit, and one that is just beyond it.
func requests(bounds []bound) []hostile {
	var list []hostile
	for _, b := range bounds {
		at := func(size, status int, code string) hostile {
			return hostile{fmt.Sprintf("%s: %d", b.name, size), func(n int) asking { return b.ask(n, size) }, status, code}
		}
		list = append(list, at(b.most, http.StatusOK, ""), at(b.most+1, b.status, b.code))
	}
	return list
}

// textBounds are the limits on the text of an operation and on what it asks for.
func textBounds(t *testing.T) []bound {
	t.Helper()
	query := func(name string, most int, code string, text func(size int) string) bound {
		return bound{name, most, func(n, size int) asking { return asking{body: jsonBody(t, fmt.Sprintf("%s #%d", text(size), n), nil)} }, http.StatusOK, code}
	}
	document, cfg := global(nodeid.Document, "doc01"), config.Default()
	return []bound{
		{"bytes of the text", limits.Default.Bytes, func(n, size int) asking {
			text := fmt.Sprintf("{ siteStats { users } } #%d", n)
			return asking{body: jsonBody(t, text+strings.Repeat("#", size-len(text)), nil)}
		}, http.StatusOK, "COST_LIMIT_EXCEEDED"},
		{"tokens", cfg.LimitTokens, func(n, size int) asking {
			rest := size - len(strings.Fields("query Q { siteStats { } }"))
			return asking{body: jsonBody(t, fmt.Sprintf("query Q%d { siteStats { ", n)+strings.Repeat("users @include(if: true) ", rest/8)+strings.Repeat("users ", rest%8)+"} }", nil)}
		}, http.StatusOK, "GRAPHQL_PARSE_FAILED"},
		query("bytes of a name", limits.Default.NameBytes, "COST_LIMIT_EXCEEDED", func(size int) string {
			return "{ " + strings.Repeat("x", size) + ": siteStats { users } }"
		}),
		query("fields of one name", 316, "COST_LIMIT_EXCEEDED", func(size int) string { // 316 × 316 + 1 comparisons are within 100,000
			return "{ siteStats { " + strings.Repeat("users ", size) + "} }"
		}),
		query("levels", cfg.LimitDepth, "COST_LIMIT_EXCEEDED", levels),
		query("aliases", cfg.LimitAliases, "COST_LIMIT_EXCEEDED", func(size int) string {
			return `{ document(id: "` + document + `") { ` + manyAliases("title", size) + "} }"
		}),
		query("root fields", cfg.LimitRootFields, "COST_LIMIT_EXCEEDED", func(size int) string {
			return "{ " + manyAliases("siteStats { users }", size) + "}"
		}),
		query("points", cfg.LimitCost, "COST_LIMIT_EXCEEDED", func(size int) string {
			const full = 1 + 100*(1+1+1+46) // of the first field
			return "{ a: documents(first: 100) { nodes { author { id } comments(first: 46) { nodes { id } } } } " +
				fmt.Sprintf("b: documents(first: %d) { nodes { id } } }", size-full-1)
		}),
		query("nodes of a page", page.MaxSize, "BAD_USER_INPUT", func(size int) string {
			return fmt.Sprintf("{ documents(first: %d) { nodes { title author { username } } } }", size)
		}),
		query("nodes by their identifiers", page.MaxSize, "BAD_USER_INPUT", func(size int) string {
			return "{ nodes(ids: [" + strings.Repeat(`"`+document+`" `, size) + "]) { ... on Document { title summary } } }"
		}),
		query("suggestions", 20, "BAD_USER_INPUT", func(size int) string {
			return fmt.Sprintf(`{ searchSuggestions(prefix: "d", first: %d) { __typename } }`, size)
		}),
	}
}

// levels returns a document of so many levels.
func levels(size int) string {
	steps := []struct{ open, leaf string }{{"documents(first: 1)", "totalCount"}, {"nodes", "title"}, {"author", "username"}}
	var text strings.Builder
	text.WriteString("{ ")
	for i := range size - 1 {
		text.WriteString(steps[i%3].open + " { ")
	}
	return text.String() + steps[(size+1)%3].leaf + strings.Repeat(" }", size)
}

// valueBounds are the limits on arguments that are looked up.
func valueBounds(t *testing.T, cursor string) []bound {
	t.Helper()
	value := func(name string, most int, code, query string, text func(size int) string) bound {
		return bound{name, most, func(n, size int) asking {
			return asking{body: jsonBody(t, fmt.Sprintf("%s #%d", query, n), variables{"v": text(size)})}
		}, http.StatusOK, code}
	}
	letters := func(size int) string { return strings.Repeat("d", size) }
	ideographs := func(size int) string { return strings.Repeat("文", size) }
	return []bound{
		value("characters of a username", plaintext.MaxUsername, "", `query ($v: String!) { user(username: $v) { id } }`, letters),
		value("characters of a tag", plaintext.MaxTag, "", `query ($v: String!) { documents(filter: {tag: $v}) { totalCount } }`, ideographs),
		value("characters of a category", plaintext.MaxCategory, "", `query ($v: String!) { documents(filter: {category: $v}) { totalCount } }`, ideographs),
		value("characters of the beginning of a tag", plaintext.MaxTag, "", `query ($v: String!) { tags(prefix: $v) { name } }`, ideographs),
		value("characters of a search", plaintext.MaxQuery, "", `query ($v: String!) { search(query: $v) { totalCount } }`, ideographs),
		value("words of a search", 32, "", `query ($v: String!) { search(query: $v) { totalCount } }`, func(size int) string { return strings.Repeat("doc ", size) }),
		value("characters of the beginning of a suggestion", plaintext.MaxQuery, "", `query ($v: String!) { searchSuggestions(prefix: $v) { __typename } }`, ideographs),
		value("characters of a cursor", len(cursor), "BAD_USER_INPUT", `query ($v: String!) { documents(after: $v) { totalCount } }`, func(size int) string {
			return cursor + strings.Repeat("A", size-len(cursor))
		}),
	}
}

// writtenBounds are the limits on what is written.
func writtenBounds(t *testing.T) []bound {
	t.Helper()
	document := global(nodeid.Document, "doc01")
	write := func(name string, most int, mutation string, value func(n, size int) any) bound {
		return bound{name, most, func(n, size int) asking {
			return asking{body: jsonBody(t, mutation, variables{"v": value(n, size)})}
		}, http.StatusOK, "BAD_USER_INPUT"}
	}
	create := func(field, typ string) string {
		others := map[string]string{"title": `body: "T"`, "body": `title: "T"`}
		return `mutation ($v: ` + typ + `) { createDocument(input: {` + cmp.Or(others[field], `title: "T", body: "T"`) + `, ` + field + `: $v}) { document { id } } }`
	}
	text := func(n, size int) any { return fmt.Sprintf("%04d", n) + strings.Repeat("字", size-4) }
	return []bound{
		write("characters of a title", plaintext.MaxTitle, create("title", "String"), text),
		write("characters of a summary", plaintext.MaxSummary, create("summary", "String"), text),
		write("bytes of a text", plaintext.MaxText, create("body", "String"), func(n, size int) any { return fmt.Sprintf("%04d", n) + strings.Repeat("x", size-4) }),
		write("characters of a category of a document", plaintext.MaxCategory, create("category", "String"), text),
		write("tags of a document", plaintext.MaxTags, create("tags", "[String!]"), func(n, size int) any {
			tags := make([]string, size)
			for i := range tags {
				tags[i] = fmt.Sprintf("标签%d-%d", n, i)
			}
			return tags
		}),
		write("characters of a tag of a document", plaintext.MaxTag, create("tags", "[String!]"), func(n, size int) any { return []any{text(n, size)} }),
		write("characters of an idempotency key", 128, create("clientMutationId", "String"), func(n, size int) any {
			return fmt.Sprintf("%s-%04d", strings.Repeat("k", size-5), n)
		}),
		write("characters of a comment", 5000, `mutation ($v: String!) { addComment(input: {documentId: "`+document+`", body: $v}) { comment { id } } }`, text),
		write("characters of a display name", plaintext.MaxDisplayName, `mutation ($v: String) { updateProfile(input: {displayName: $v}) { user { id } } }`, text),
		write("characters of a description of an account", 2000, `mutation ($v: String) { updateProfile(input: {bio: $v}) { user { id } } }`, text),
	}
}
