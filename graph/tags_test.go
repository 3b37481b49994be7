package graph_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/ent/tag"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/text/plaintext"
)

// spelling has a document created or changed with tags, and returns its identifier and the tags that it is shown with.
func (c client) spelling(t *testing.T, id, visibility string, tags ...string) (string, []string) {
	t.Helper()
	type made struct {
		Document struct {
			ID   string
			Tags []string
		}
	}
	var out struct{ CreateDocument, UpdateDocument made }
	if id == "" {
		c.must(t, `mutation ($v: DocumentVisibility!, $t: [String!]) { createDocument(input: {title: "Tags", body: "spelled", visibility: $v, tags: $t}) { document { id tags } } }`,
			variables{"v": visibility, "t": tags}, &out)
		return out.CreateDocument.Document.ID, out.CreateDocument.Document.Tags
	}
	c.must(t, `mutation ($id: ID!, $v: DocumentVisibility!, $t: [String!]) { updateDocument(input: {documentId: $id, expectedRevision: 1, visibility: $v, tags: $t}) { document { id tags } } }`,
		variables{"id": id, "v": visibility, "t": tags}, &out)
	return id, out.UpdateDocument.Document.Tags
}

// found is what clients find by a tag.
type found struct {
	Documents struct {
		TotalCount int
		Nodes      []struct {
			ID   string
			Tags []string
		}
	}
	Search            struct{ Nodes []struct{ ID string } }
	SearchSuggestions []struct {
		Kind, Text string
		Documents  int
	}
}

func (c client) found(t *testing.T, tag string) (f found) {
	t.Helper()
	c.must(t, `query ($t: String!) {
		documents(filter: {tag: $t}) { totalCount nodes { id tags } }
		search(query: "spelled", filter: {tag: $t}) { nodes { id } }
		searchSuggestions(prefix: $t) { kind text documents }
	}`, variables{"t": tag}, &f)
	return f
}

// TestOneTagForAllSpellings has documents with tags that differ in case, width and normal form. They are one tag, which the first of the public
// documents spells.
func TestOneTagForAllSpellings(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ann, bob := as(t, app, "ann"), as(t, app, "bob")
			private, own := ann.spelling(t, "", "PRIVATE", "gO", "ai")
			if !slices.Equal(own, []string{"gO", "ai"}) {
				t.Errorf("a private document has the tags %q", own)
			}
			first, tags := ann.spelling(t, "", "PUBLIC", "Go", "ＡＩ", "設計", "Re\u0301sume\u0301")
			if !slices.Equal(tags, []string{"Go", "ＡＩ", "設計", "R\u00e9sum\u00e9"}) {
				t.Errorf("the first document has the tags %q", tags)
			}
			if _, tags := bob.spelling(t, "", "PUBLIC", "résumé", "ai", "go", "GO", "設計"); !slices.Equal(tags, []string{"Résumé", "ＡＩ", "Go", "設計"}) {
				t.Errorf("the second document has the tags %q", tags)
			}
			if _, tags := ann.spelling(t, private, "PUBLIC", "gO", "Ai"); !slices.Equal(tags, []string{"Go", "ＡＩ"}) {
				t.Errorf("the document that was private has the tags %q", tags)
			}
			for _, spelled := range []string{"go", "Go", "ｇＯ", "ai", "AI", "ＡＩ"} {
				f := ann.found(t, spelled)
				if f.Documents.TotalCount != 3 || len(f.Documents.Nodes) != 3 || len(f.Search.Nodes) != 3 {
					t.Errorf("%q: %d counted, %d listed, %d found", spelled, f.Documents.TotalCount, len(f.Documents.Nodes), len(f.Search.Nodes))
				}
				if len(f.SearchSuggestions) != 1 || f.SearchSuggestions[0].Documents != 3 || plaintext.TagKey(f.SearchSuggestions[0].Text) != plaintext.TagKey(spelled) {
					t.Errorf("%q suggests %+v", spelled, f.SearchSuggestions)
				}
			}
			for _, none := range []string{"\u200b", "g o", "c#"} {
				if f := ann.found(t, none); f.Documents.TotalCount != 0 || len(f.Documents.Nodes) != 0 {
					t.Errorf("%q finds %+v", none, f)
				}
			}
			respelled(t, app, ann, first)
			compareDerived(t, app)
		})
	}
}

// respelled has no public document carry a tag any more: the next one spells it again.
func respelled(t *testing.T, app *apptest.App, ann client, id string) {
	t.Helper()
	if _, tags := ann.spelling(t, id, "PUBLIC", "Rust", "RUST"); !slices.Equal(tags, []string{"Rust"}) {
		t.Errorf("the changed document has the tags %q", tags)
	}
	if _, tags := ann.spelling(t, id, "PUBLIC", "rust"); !slices.Equal(tags, []string{"rust"}) {
		t.Errorf("the only document with a tag cannot spell it again: %q", tags)
	}
	if n := app.Store.DB.Tag.Query().Where(tag.Folded("rust")).CountX(t.Context()); n != 1 {
		t.Errorf("%d tags", n)
	}
}

// TestTagsOfConcurrentWriters has documents become public at the same moment with spellings of a tag that is new.
func TestTagsOfConcurrentWriters(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ann := as(t, app, "ann")
			spellings := []string{"Kubernetes", "kubernetes", "KUBERNETES", "ｋｕｂｅｒｎｅｔｅｓ"}
			var all sync.WaitGroup
			for i := range 4 * len(spellings) {
				all.Go(func() {
					query := `mutation ($t: [String!]) { createDocument(input: {title: "T", body: "b", visibility: PUBLIC, tags: $t}) { document { id } } }`
					tags := []string{spellings[i%len(spellings)], "other", fmt.Sprint("Tag ", i%3)}
					if i%2 == 1 {
						slices.Reverse(tags)
					}
					if err := ann.into(t.Context(), query, variables{"t": tags}, new(any)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			rows := app.Store.DB.Tag.Query().Where(tag.Folded("kubernetes")).AllX(t.Context())
			if len(rows) != 1 || rows[0].Documents != 4*len(spellings) {
				t.Fatalf("the tags are %v", rows)
			}
			for _, d := range app.Store.DB.Document.Query().Where(document.Title("T")).AllX(t.Context()) {
				if !slices.Contains(d.Tags, rows[0].Name) {
					t.Errorf("a document has the tags %q, and the tag is %q", d.Tags, rows[0].Name)
				}
			}
			compareDerived(t, app)
		})
	}
}

// TestTagsOfAnEarlierVersion has tags and documents as they were written when each spelling was a tag. Rebuilding the statistics makes one of
// them, and changes nothing else.
func TestTagsOfAnEarlierVersion(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ann := as(t, app, "ann")
			a, _ := ann.spelling(t, "", "PUBLIC", "ＡＩ", "one")
			b, _ := ann.spelling(t, "", "PUBLIC", "two", "three")
			c, _ := ann.spelling(t, "", "PRIVATE", "four")
			db, ctx := app.Store.DB, t.Context()
			testkit.Must(t, earlier(ctx, app, a, b, c))
			before := db.Document.Query().Order(document.ByID()).AllX(ctx)
			testkit.Must(t, app.Derive(ctx, true, func(string, int, int) {}))
			for i, d := range db.Document.Query().Order(document.ByID()).AllX(ctx) {
				if !d.UpdatedAt.Equal(before[i].UpdatedAt) || d.Revision != before[i].Revision {
					t.Errorf("the document %q has changed", d.Title)
				}
			}
			for spelled, want := range map[string]int{"ai": 2, "ＡＩ": 2, "One": 2, "two": 1, "three": 0} {
				f := ann.found(t, spelled)
				if f.Documents.TotalCount != want || len(f.Documents.Nodes) != want || len(f.Search.Nodes) != want {
					t.Errorf("%q: %d counted, %d listed, %d found", spelled, f.Documents.TotalCount, len(f.Documents.Nodes), len(f.Search.Nodes))
				}
			}
			if f := ann.found(t, "two"); !slices.Equal(f.Documents.Nodes[0].Tags, []string{"ＡＩ", "one", "two"}) {
				t.Errorf("the tags are %q", f.Documents.Nodes[0].Tags)
			}
			compareDerived(t, app)
		})
	}
}

// earlier writes what an earlier version and the migration from it have left: rows for each spelling, with keys in lower case at best, and
// documents that carry several of them.
func earlier(ctx context.Context, app *apptest.App, a, b, c string) error {
	ids := map[string]uuid.UUID{}
	for _, id := range []string{a, b, c} {
		parsed, err := nodeid.Parse(id)
		if err != nil {
			return err
		}
		ids[id] = parsed.UUID
	}
	ctx = servicetest.PastServices(ctx)
	return app.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Tag.Update().Where(tag.Folded("ai")).SetFolded("ａｉ").Exec(ctx); err != nil {
			return err
		}
		for name, folded := range map[string]string{"AI": "ai", "Ai": "ai\x019", "One": "one\x017"} {
			row, err := tx.Tag.Create().SetName(name).SetFolded(folded).SetDocuments(1).Save(ctx)
			if err != nil {
				return err
			}
			if err := tx.DocumentTag.Create().SetDocumentID(ids[b]).SetTagID(row.ID).Exec(ctx); err != nil {
				return err
			}
		}
		for id, tags := range map[string][]string{b: {"AI", "Ai", "One", "two"}, c: {"X", "x"}} {
			d, err := tx.Document.Get(ctx, ids[id])
			if err != nil {
				return err
			}
			if err := tx.Document.UpdateOneID(d.ID).SetTags(tags).SetUpdatedAt(d.UpdatedAt).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestRelatedByATagAlone relates documents by a tag without words, which the search cannot find, in a spelling that is not its key.
func TestRelatedByATagAlone(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			ann := as(t, served(t, dialect), "ann")
			create := func(title string) (id string) {
				var out struct {
					CreateDocument struct{ Document struct{ ID string } }
				}
				ann.must(t, `mutation ($t: String!) { createDocument(input: {title: $t, body: "-", visibility: PUBLIC, tags: ["＋＋"]}) { document { id } } }`, variables{"t": title}, &out)
				return out.CreateDocument.Document.ID
			}
			one, other := create("zebra"), create("quokka")
			var got struct {
				Document struct{ RelatedDocuments []struct{ ID string } }
			}
			ann.must(t, `query ($id: ID!) { document(id: $id) { relatedDocuments { id } } }`, variables{"id": one}, &got)
			if related := got.Document.RelatedDocuments; len(related) != 1 || related[0].ID != other {
				t.Errorf("related are %+v, not %s alone", related, other)
			}
		})
	}
}

// TestSuggestionsOfAllSpellings types the beginnings of names with what a search folds: accents, traditional characters, other letters.
func TestSuggestionsOfAllSpellings(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			ann := as(t, served(t, dialect), "ann")
			ann.must(t, `mutation { createDocument(input: {title: "Über Menüs", body: "spelled", visibility: PUBLIC, category: "Größe", tags: ["Café", "緩存", "İstanbul", "Straße", "ガス", "C♯"]}) { document { id } } }`, nil, &struct{}{})
			for typed, want := range map[string]string{
				"café": "Café", "CAFÉ": "Café", " cafe\u0301": "Café", "ca": "Café", "緩": "緩存", "İst": "İstanbul", "straß": "Straße", "STRASS": "Straße", "ｶﾞ": "ガス", "C♯": "C♯", "größ": "Größe", "GRÖ": "Größe",
				"über": "TITLE", "uber men": "TITLE", "menü": "TITLE", "ＭＥＮ": "TITLE", "\u200bmen": "TITLE", "MENU\u0308S": "TITLE",
			} {
				var got []string
				for _, s := range ann.found(t, typed).SearchSuggestions {
					if s.Kind == "TITLE" {
						s.Text = s.Kind
					}
					got = append(got, s.Text)
				}
				if !slices.Equal(got, []string{want}) {
					t.Errorf("%q: %q, want %q", typed, got, want)
				}
			}
		})
	}
}
