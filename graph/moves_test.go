package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"docsquare/ent/document"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
)

// TestDocumentsMove has writers move public documents between the same categories and tags, in opposite directions: no
// writer gets an error, and every category and tag counts what is in it.
func TestDocumentsMove(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ctx, cancel := context.WithTimeout(t.Context(), *clientsFor/8)
			defer cancel()
			var all sync.WaitGroup
			for i, u := range accounts(t, app, 12) {
				c := client{handler: app.Handler, token: app.Token(t, u.ID)}
				shared := &shelf{}
				testkit.Must(t, shared.create(t.Context(), c, i))
				id, _ := shared.pick()
				all.Go(func() {
					for ctx.Err() == nil {
						if err := move(t.Context(), c, id); err != nil {
							t.Errorf("a document could not be moved: %v", err)
							cancel()
						}
					}
				})
			}
			all.Wait()
			compareMoved(t, app)
		})
	}
}

func move(ctx context.Context, c client, id string) error {
	tags := []string{"red", "green", "blue", "grey"}
	rand.Shuffle(len(tags), func(i, j int) { tags[i], tags[j] = tags[j], tags[i] })
	return c.into(ctx, `mutation ($id: ID!, $category: String, $tags: [String!]) {
		updateDocument(input: {documentId: $id, expectedRevision: 1, category: $category, tags: $tags}) { document { category tags } } }`,
		variables{"id": id, "category": fmt.Sprintf("category %d", rand.IntN(3)), "tags": tags[:rand.IntN(len(tags))]}, new(any))
}

func compareMoved(t *testing.T, app *apptest.App) {
	t.Helper()
	categories, tags := map[string]int{}, map[string]int{}
	for _, d := range app.Store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).AllX(t.Context()) {
		if d.Category != nil {
			categories[*d.Category]++
		}
		for _, name := range d.Tags {
			tags[name]++
		}
	}
	for _, c := range app.Store.DB.Category.Query().AllX(t.Context()) {
		if c.Documents != categories[c.Name] {
			t.Errorf("the category %s has %d documents and counts %d", c.Name, categories[c.Name], c.Documents)
		}
	}
	for _, x := range app.Store.DB.Tag.Query().AllX(t.Context()) {
		if x.Documents != tags[x.Name] {
			t.Errorf("the tag %s is on %d documents and counts %d", x.Name, tags[x.Name], x.Documents)
		}
	}
}
