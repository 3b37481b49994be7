package graph_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"docsquare/graph"
	"docsquare/graph/limits"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestComparisonsCost charges what is compared: the entries of documents with a misspelled word, and the texts of two revisions.
func TestComparisonsCost(t *testing.T) {
	url := servicetest.Community(t, "sqlite")
	first := apptest.Open(t, url, servicetest.Tiers{})
	ann := client{handler: first.Handler, token: first.Token(t, servicetest.ID("ann"))}
	var words strings.Builder // that are all different
	r := rand.New(rand.NewPCG(1, 2))
	for words.Len() < 200<<10 {
		for range 5 + r.IntN(8) {
			words.WriteByte(byte('a' + r.IntN(26)))
		}
		words.WriteByte(' ')
	}
	made(t, first, ann.token, words.String())
	cold := func(query string, v variables, token string) int {
		return priced(t, apptest.Open(t, url, servicetest.Tiers{}).Handler, query, v, token).Extensions.Cost.Actual
	}
	const search = `query ($q: String!) { search(query: $q, first: 1) { totalCount didYouMean } }`
	short, corrected := cold(search, variables{"q": "qz"}, ""), cold(search, variables{"q": "qzxquietl"}, "") // a word of two letters is not corrected
	if least := short + 200/4/8; corrected < least || corrected > 4*least {
		t.Errorf("a correction among 200 KiB of words costs %d points, a query without one %d", corrected, short)
	}
	const diff = `query ($id: ID!) { document(id: $id) { diff(from: 1, to: 2) { added removed } } }`
	few, many := cold(diff, variables{"id": replaced(t, ann, "few")}, ann.token), cold(diff, variables{"id": replaced(t, ann, words.String())}, ann.token)
	if least := few + 200/4; many < least || many > least+20 {
		t.Errorf("the differences of 200 KiB cost %d points, those of a few bytes %d", many, few)
	}
}

// replaced makes a document and replaces its text.
func replaced(t *testing.T, c client, body string) (id string) {
	t.Helper()
	var out struct {
		Made struct{ Document struct{ ID string } }
	}
	c.must(t, `mutation ($b: String) { made: createDocument(input: {title: "Replaced", body: $b}) { document { id } } }`, variables{"b": body}, &out)
	c.must(t, `mutation ($id: ID!) { updateDocument(input: {documentId: $id, expectedRevision: 1, body: "replaced"}) { document { id } } }`, variables{"id": out.Made.Document.ID}, &struct{}{})
	return out.Made.Document.ID
}

// TestRefusedOperationsCostLittle has operations refused by each limit of their text. What they would have cost is not charged.
func TestRefusedOperationsCostLittle(t *testing.T) {
	app := served(t, "sqlite")
	for name, c := range map[string]struct {
		limit func(l *limits.Limits)
		query string
	}{
		"points":      {func(l *limits.Limits) { l.Cost = 100 }, "{ documents(first: 40) { nodes { relatedDocuments(first: 20) { title } } } }"},
		"levels":      {func(l *limits.Limits) { l.Depth = 3 }, "{ documents(first: 40) { nodes { relatedDocuments(first: 20) { title } } } }"},
		"root fields": {func(l *limits.Limits) { l.RootFields = 1 }, "{ a: tags(first: 100) { name } b: tags(first: 99) { name } }"},
		"aliases":     {func(l *limits.Limits) { l.Aliases = 1 }, "{ a: tags(first: 100) { name } b: tags(first: 99) { name } }"},
	} {
		got := priced(t, app.Serve(t, func(o *graph.Options) { c.limit(&o.Limits) }), c.query, nil, "")
		if actual := got.Extensions.Cost.Actual; actual != 1 || len(got.Errors) == 0 {
			t.Errorf("%s: refused with %v, it costs %d points", name, got.Errors, actual)
		}
	}
}
