package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// places asks for every place in which the tech square shows, counts or ranks a document, of which "qzx" marks the texts.
const places = `query ($ann: ID!) {
	created: documents(first: 100) { totalCount nodes { title } }
	updated: documents(first: 100, orderBy: {field: UPDATED_AT}) { totalCount nodes { title } }
	popular: documents(first: 100, orderBy: {field: POPULARITY}) { totalCount nodes { title } }
	category: documents(filter: {category: "qzxcategory"}) { totalCount nodes { title } }
	categoryPopular: documents(filter: {category: "qzxcategory"}, orderBy: {field: POPULARITY}) { totalCount nodes { title } }
	tag: documents(filter: {tag: "qzxtag"}) { totalCount nodes { title } }
	tagPopular: documents(filter: {tag: "qzxtag"}, orderBy: {field: POPULARITY}) { totalCount nodes { title } }
	both: documents(filter: {tag: "qzxtag", category: "qzxcategory"}) { totalCount nodes { title } }
	author: documents(first: 100, filter: {authorId: $ann}) { totalCount nodes { title } }
	day: trendingDocuments(first: 100) { title }
	week: trendingDocuments(first: 100, window: WEEK) { title }
	month: trendingDocuments(first: 100, window: MONTH) { title }
	categories { name documents }
	formats { documents }
	siteStats { documents comments likes favorites views }
	search(query: "qzxbody") { totalCount edges { node { title } snippets { html } } }
	filtered: search(query: "qzxtitle", filter: {tag: "qzxtag"}) { totalCount nodes { title } }
	suggestions: searchSuggestions(prefix: "qzx", first: 20) { kind text document { title } }
	writer: node(id: $ann) { ... on User { stats { documents } documents(first: 100) { totalCount nodes { title } } } }
	viewer { likes { totalCount nodes { title } } favorites { totalCount nodes { title } } }
}`

// TestUnpublishedEverywhere takes a document back of which the caches of three instances are full. On the instance that wrote
// it the very next answer shows nothing of it; on the others that is so for requests that name the version of the write.
func TestUnpublishedEverywhere(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "everywhere:" + uuid.NewString() + ":"}
			instances := []*apptest.App{apptest.Open(t, url, tiers), apptest.Open(t, url, tiers), apptest.Open(t, url, tiers)}
			for _, i := range instances {
				relayed(t, i)
			}
			ann, bob := as(t, instances[0], "ann"), as(t, instances[0], "bob")
			h := hide(t, instances[0], ann, "doc03")
			for _, mark := range []string{"likeDocument", "favoriteDocument"} {
				bob.must(t, fmt.Sprintf(`mutation ($id: ID!) { %s(input: {documentId: $id}) { document { id } } }`, mark), variables{"id": h.id}, new(any))
			}
			vars := variables{"ann": global(nodeid.User, "ann")}
			before := make([]string, len(instances))
			for round := range 2 { // what the second finds is warm
				for i, app := range instances {
					_, version := exchange(t, instances[0].Handler, ann.token, "", `mutation { updateProfile(input: {bio: "b"}) { user { bio } } }`, nil)
					before[i], _ = exchange(t, app.Handler, bob.token, map[int]string{0: version}[round], places, vars)
				}
			}
			if n := strings.Count(before[0], "qzx"); n < 23 || strings.Contains(before[0], `"errors"`) {
				t.Fatalf("the public document shows %d times in %s", n, before[0])
			}
			_, version := exchange(t, instances[0].Handler, ann.token, "", `mutation ($id: ID!) { unpublishDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": h.id})
			var after []string
			for _, app := range instances {
				body, _ := exchange(t, app.Handler, bob.token, version, places, vars)
				if strings.Contains(body, "qzx") {
					t.Errorf("it still shows: %s", body)
				}
				after = append(after, body)
			}
			if len(slices.Compact(after)) != 1 {
				t.Errorf("the instances differ: %v", after)
			}
			for field, want := range map[string]int{`"created":{"totalCount":`: servicetest.PublicDocuments - 1, `"siteStats":{"documents":`: servicetest.PublicDocuments - 1} {
				if !strings.Contains(after[0], fmt.Sprintf("%s%d", field, want)) {
					t.Errorf("%s%d is not in %s", field, want, after[0])
				}
			}
		})
	}
}
