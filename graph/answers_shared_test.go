package graph_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// warmers are the orders in which viewers send the same query: each is the first once.
var warmers = [][]string{{"", "ann", "bob", "cy"}, {"ann", "", "cy", "bob"}, {"bob", "cy", "ann", ""}, {"cy", "bob", "", "ann"}}

// fresh returns the data of an answer that is executed for it.
func (c client) fresh(t *testing.T, query string, vars variables) string {
	t.Helper()
	a, err := client{handler: c.handler, token: c.token, explain: true}.send(t.Context(), query, vars)
	testkit.Must(t, err)
	return string(a.Data)
}

// TestKeptAnswersAreSharedByRules has each viewer send a query before the others, so that its answer is kept. The others get
// what an execution for them answers, and get it from the kept answer where rules alone decide.
func TestKeptAnswersAreSharedByRules(t *testing.T) {
	app := watch(t, apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{}), unchanged) // while a Redis is slow, nothing is kept
	clients := map[string]client{}
	for _, name := range warmers[0] {
		clients[name] = as(t, app.App, name)
	}
	for _, id := range []string{"doc02", "doc03", "doc25"} {
		for _, field := range []string{"likeDocument", "favoriteDocument"} {
			clients["bob"].must(t, `mutation ($id: ID!) { `+field+`(input: {documentId: $id}) { document { id } } }`, variables{"id": global(nodeid.Document, id)}, new(any))
		}
	}
	ann, secret, public := global(nodeid.User, "ann"), global(nodeid.Document, "secret"), global(nodeid.Document, "doc02")
	for name, q := range map[string]struct {
		query  string
		shared int // kept answers of those who come later: 12 of 12 if all share, 8 if ann is excepted, 0 if none is shared
	}{
		"marks":                  {`{ documents(first: 20) { nodes { title viewerHasLiked viewerHasFavorited liked: viewerHasLiked } } }`, 12},
		"marks of one document":  {`{ document(id: "` + public + `") { title viewerHasFavorited viewerHasLiked stats { likes } } }`, 12},
		"no marks":               {`{ formats { format documents } siteStats { documents } }`, 12},
		"an own address":         {`{ user(username: "ann") { username email } }`, 8},
		"documents of a user":    {`{ user(username: "ann") { documents(first: 50) { totalCount nodes { title visibility } } drafts(first: 3) { nodes { title } } } }`, 8},
		"what an author may do":  {`{ node(id: "` + public + `") { ... on Document { viewerCanEdit revisions { totalCount } } } }`, 8},
		"a private document":     {`{ node(id: "` + secret + `") { id } }`, 8},
		"what commenters may do": {`{ node(id: "` + ann + `") { ... on User { documents { nodes { comments { nodes { viewerCanDelete document { title } } } } } } } }`, 0},
		"the viewer":             {`{ viewer { username } documents(first: 1) { nodes { title } } }`, 0},
	} {
		kept := 0
		for i, order := range warmers {
			query := fmt.Sprintf("%s # %d", q.query, i)
			twice(t, clients[order[0]], query)
			for _, who := range order {
				want := clients[who].fresh(t, query, nil)
				app.took()
				a, err := clients[who].send(t.Context(), query, nil)
				testkit.Must(t, err)
				if string(a.Data) != want {
					t.Errorf("%s: after %q has asked, %q gets\n%s\nwant\n%s", name, order[0], who, a.Data, want)
				}
				if _, k := app.took(); who != order[0] {
					kept += k
				}
			}
		}
		if kept != q.shared {
			t.Errorf("%s: %d of 12 answers were kept ones, want %d", name, kept, q.shared)
		}
	}
}

// TestMarksOfSharedAnswers has marks change while an answer with them is kept.
func TestMarksOfSharedAnswers(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := watch(t, served(t, dialect), unchanged)
			bob, cy, guest := as(t, app.App, "bob"), as(t, app.App, "cy"), as(t, app.App, "")
			const list = `{ documents(first: 3) { nodes { id viewerHasFavorited } } }`
			ids := []string{global(nodeid.Document, "doc25"), global(nodeid.Document, "doc24"), global(nodeid.Document, "doc23")}
			want := func(c client, marked ...bool) {
				t.Helper()
				for range 3 {
					var out struct {
						Documents struct {
							Nodes []struct {
								ID                 string
								ViewerHasFavorited bool
							}
						}
					}
					c.must(t, list, nil, &out)
					for i, n := range out.Documents.Nodes {
						if at := slices.Index(ids, n.ID); at < 0 || n.ViewerHasFavorited != marked[at] {
							t.Fatalf("%d: %+v, want %v", i, out.Documents.Nodes, marked)
						}
					}
				}
			}
			mark := func(field string, at int) {
				t.Helper()
				bob.must(t, `mutation ($id: ID!) { `+field+`(input: {documentId: $id}) { document { id } } }`, variables{"id": ids[at]}, new(any))
			}
			want(guest, false, false, false)
			want(bob, false, false, false)
			mark("favoriteDocument", 1)
			want(bob, false, true, false)
			mark("favoriteDocument", 0)
			mark("favoriteDocument", 2)
			want(bob, true, true, true)
			want(cy, true, false, false)
			mark("unfavoriteDocument", 0)
			want(bob, false, true, true)
			want(guest, false, false, false)
			if _, kept := app.took(); kept < 15 {
				t.Errorf("%d of 24 answers were kept ones", kept)
			}
		})
	}
}

// TestETagsOfSharedAnswers gives guests the entity tag of what they get, also if an account has asked first, and accounts none.
func TestETagsOfSharedAnswers(t *testing.T) {
	app := watch(t, served(t, "sqlite"), unchanged)
	bob := as(t, app.App, "bob")
	bob.must(t, `mutation ($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": global(nodeid.Document, "doc25")}, new(any))
	byGET := asking{query: "query=%7Bdocuments(first%3A3)%7Bnodes%7BviewerHasLiked%7D%7D%7D"}
	byBob := byGET
	byBob.headers = []string{"Authorization", "Bearer " + bob.token}
	tags := map[string]string{}
	for range 3 {
		for name, a := range map[string]asking{"guest": byGET, "bob": byBob} {
			w := a.of(t, app.Handler)
			tag := w.Header().Get("ETag")
			if known, ok := tags[w.Body.String()]; ok && known != tag {
				t.Errorf("%s: the tag of one answer is %s and %s", name, known, tag)
			}
			tags[w.Body.String()] = tag
			if (tag == "") != (name == "bob") || strings.Contains(w.Body.String(), "true") != (name == "bob") {
				t.Errorf("%s: the tag is %q for %s", name, tag, w.Body)
			}
			if name == "bob" && w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("bob may keep the answer: %v", w.Header())
			}
		}
	}
	byGET.headers = []string{"If-None-Match", tags[byGET.of(t, app.Handler).Body.String()]}
	if w := byGET.of(t, app.Handler); w.Code != http.StatusNotModified {
		t.Errorf("the answer that a guest has is sent again: %d", w.Code)
	}
}

// TestKeptAnswersOfGeneratedQueries has viewers send generated queries in different orders. Each gets what an execution answers,
// whatever was kept for the others.
func TestKeptAnswersOfGeneratedQueries(t *testing.T) {
	template := newTemplate(t)
	app := watch(t, template.open(t, servicetest.Tiers{}), unchanged)
	g, clients := newGenerators(template.words), map[string]client{}
	for _, name := range warmers[0] {
		clients[name] = as(t, app.App, name)
	}
	kept, all := 0, 0
	for number := range min(*differentialOperations, 2000) / 2 {
		o := g.operation(ast.Query, number)
		order := warmers[number%len(warmers)]
		if a, err := clients[order[0]].send(t.Context(), o.Query, o.Variables); err != nil || len(a.Errors) > 0 {
			continue // answers with errors are not kept
		}
		for _, who := range append(order[:1:1], order...) {
			want := clients[who].fresh(t, o.Query, o.Variables)
			app.took()
			a, err := clients[who].send(t.Context(), o.Query, o.Variables)
			testkit.Must(t, err)
			if string(a.Data) != want {
				t.Errorf("-differential.seed=%d, query %d, after %q: %q gets\n%s\nwant\n%s\n%s", *differentialSeed, number, order[0], who, a.Data, want, o)
			}
			_, k := app.took()
			kept, all = kept+k, all+1
		}
	}
	if t.Logf("%d of %d answers were kept ones", kept, all); kept < all/4 {
		t.Errorf("%d of %d answers were kept ones", kept, all)
	}
}
