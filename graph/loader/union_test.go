package loader_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	entdocument "docsquare/ent/document"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// batchSizes are numbers of keys, around the bound of one statement and up to what one operation can ask for.
var batchSizes = []int{1, 2, 37, cache.MaxKeys - 1, cache.MaxKeys + 1, 2000}

// TestBatchesEqualTheirKeys checks for every loader that what a batch answers is the union of what it answers for each key by
// itself, whatever the other keys are and however many.
func TestBatchesEqualTheirKeys(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app := apptest.Open(t, community(t, dialect), servicetest.Tiers{Far: true}) // no cache
			ids := crowd(t, app)
			for _, x := range subjects(audited(t, app)) {
				t.Run(x.name, func(t *testing.T) { x.union(t, app.Sources, ids) })
			}
			t.Run("frequencies", func(t *testing.T) {
				index := search.New(app.Store)
				corpus, err := index.Corpus(t.Context())
				testkit.Must(t, err)
				union(t, []string{"文档", "text", "docum", "about"}, ids, func(ctx context.Context, units []string) (map[string]int, error) {
					out := map[string]int{}
					for part := range slices.Chunk(units, cache.MaxKeys) { // as the cache does
						some, err := index.Frequencies(ctx, corpus, part)
						if err != nil {
							return nil, err
						}
						maps.Copy(out, some)
					}
					return out, nil
				})
			})
		})
	}
}

// union compares growing batches of random keys, some of which are among known, with what fetch answers for single keys.
func union[K comparable, V any](t *testing.T, known []K, ids []uuid.UUID, fetch func(context.Context, []K) (map[K]V, error)) {
	t.Helper()
	const compared = 80 // keys of each batch
	random := rand.New(rand.NewPCG(1, 2))
	alone := map[K]map[K]string{}
	all, seen := slices.Clone(known), map[K]bool{}
	for _, k := range all {
		seen[k] = true
	}
	for _, size := range batchSizes {
		for tries := 0; len(all) < size && tries < 4*size; tries++ {
			if k := randomKey[K](t, random, ids); !seen[k] {
				seen[k] = true
				all = append(all, k)
			}
		}
		checked := all[:min(compared, size, len(all))]
		keys := slices.Clone(all[:min(size, len(all))])
		random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
		batch, err := fetch(t.Context(), keys)
		if err != nil {
			t.Fatalf("%d keys: %v", len(keys), err)
		}
		for _, k := range checked {
			if alone[k] == nil {
				values, err := fetch(t.Context(), []K{k})
				testkit.Must(t, err)
				alone[k] = texted(t, values)
			}
			got := map[K]string{}
			if v, ok := batch[k]; ok {
				got[k] = text(t, v)
			}
			if !reflect.DeepEqual(got, alone[k]) {
				t.Fatalf("among %d keys, %v has %.300v, alone %.300v", len(keys), k, got, alone[k])
			}
		}
	}
}

// randomKey returns a key of which most have no value. It fails for a type of keys that it does not know: add a case.
func randomKey[K comparable](t *testing.T, random *rand.Rand, ids []uuid.UUID) (key K) {
	t.Helper()
	id := func() uuid.UUID {
		if random.IntN(3) > 0 {
			return ids[random.IntN(len(ids))]
		}
		return uuid.UUID([]byte(fmt.Sprintf("%016x", random.Uint64())))
	}
	text := func() string { return fmt.Sprintf("word%d", random.IntN(5000)) }
	args := func() page.Args {
		return page.Args{Size: 1 + random.IntN(3), Backward: random.IntN(2) == 0}
	}
	revision := func() kinds.RevisionKey {
		return kinds.RevisionKey{Document: id(), Number: 1 + random.IntN(3)}
	}
	filter := func() kinds.SquareFilter {
		return []kinds.SquareFilter{{Tag: text()}, {Category: text()}, {Author: id()}, {Tag: text(), Format: entdocument.FormatTXT}, {Published: kinds.Days{From: 1 + kinds.Day(random.Int32N(1e6))}}}[random.IntN(5)]
	}
	list := func() kinds.UserListCount {
		lists := []kinds.UserList{kinds.PublicDocuments, kinds.OwnDocuments, kinds.Drafts, kinds.Likes, kinds.Favorites}
		return kinds.UserListCount{List: lists[random.IntN(len(lists))], User: id()}
	}
	switch k := any(&key).(type) {
	case *uuid.UUID:
		*k = id()
	case *string:
		*k = text()
	case *kinds.Single:
	case *page.List:
		*k = page.List{Of: id(), Args: args()}
	case *kinds.MarkKey:
		*k = kinds.MarkKey{User: id(), Subject: id()}
	case *kinds.RevisionKey:
		*k = revision()
	case *kinds.DiffKey:
		*k = kinds.DiffKey{Document: id(), From: 1 + random.IntN(3), To: 1 + random.IntN(3)}
	case *kinds.PreviewKey:
		*k = kinds.PreviewKey{Session: id(), Document: id()}
	case *kinds.CommentsKey:
		*k = kinds.CommentsKey{List: page.List{Of: id(), Args: args()}, Order: kinds.CommentOrder{Field: kinds.OrderCreated, Ascending: random.IntN(2) == 0}}
	case *kinds.RenderingKey:
		*k = kinds.RenderingKey{Text: revision(), Format: entdocument.FormatTXT}
	case *kinds.SnippetKey:
		*k = kinds.SnippetKey{Text: revision(), Format: entdocument.FormatTXT, Query: text()}
	case *kinds.SquareFilter:
		*k = filter()
	case *kinds.SquareKey:
		*k = kinds.SquareKey{Filter: filter(), Order: kinds.SquareOrder{Field: kinds.OrderCreated, Ascending: random.IntN(2) == 0}, Args: args()}
	case *kinds.SearchKey:
		*k = kinds.SearchKey{Query: text(), Filter: filter()}
	case *kinds.SuggestionKey:
		*k = kinds.SuggestionKey{Prefix: text(), First: 1 + random.IntN(5)}
	case *kinds.TrendingKey:
		*k = kinds.TrendingKey{First: 1 + random.IntN(page.MaxSize)}
	case *kinds.TrendingPage:
		*k = kinds.TrendingPage{Args: args()}
	case *kinds.TagsKey:
		*k = kinds.TagsKey{Prefix: text(), First: 1 + random.IntN(5)}
	case *kinds.UsersPage:
		*k = kinds.UsersPage{Begin: text(), Args: args()}
	case *kinds.UserListCount:
		*k = list()
	case *kinds.UserListKey:
		*k = kinds.UserListKey{UserListCount: list(), Args: args()}
	default:
		t.Fatalf("no random keys of type %T", key)
	}
	return key
}

// crowd adds to a community what a batch could take from other keys: a file with many private documents, an account with many
// sessions, long lists. It returns the identifiers of everything.
func crowd(t *testing.T, app *apptest.App) (ids []uuid.UUID) {
	t.Helper()
	ctx, ann, bob := servicetest.PastServices(t.Context()), servicetest.ID("ann"), servicetest.ID("bob")
	for _, x := range servicetest.Names() {
		ids = append(ids, x.UUID)
	}
	add := func(name string) uuid.UUID {
		ids = append(ids, servicetest.ID(name))
		return servicetest.ID(name)
	}
	testkit.Must(t, app.Store.Write(ctx, func(tx *store.Tx) error {
		for i := range 300 {
			at := servicetest.Base.Add(time.Duration(i) * time.Minute)
			if i < 60 {
				tx.Session.Create().SetID(add(fmt.Sprint("session ", i))).SetUserID(ann).SetCreatedAt(at).SetExpiresAt(time.Now().Add(time.Hour)).SaveX(ctx)
				tx.File.Create().SetID(add(fmt.Sprint("file ", i))).SetUserID(bob).SetName("file").SetSize(1).SetContentType("text/plain").SetCreatedAt(at).SetUpdatedAt(at).SaveX(ctx)
				tx.EditorSession.Create().SetID(add(fmt.Sprint("editor ", i))).SetUserID(ann).SetCreatedAt(at).SetSavedAt(at.AddDate(1, 0, 0)).SaveX(ctx) // not abandoned before the test ends
				tx.Comment.Create().SetID(add(fmt.Sprint("reply ", i))).SetDocumentID(servicetest.ID("doc01")).SetAuthorID(bob).SetParentID(servicetest.ID("doc01/c1")).
					SetBody("reply").SetCreatedAt(at).SetUpdatedAt(at).SaveX(ctx)
				tx.Revision.Create().SetID(add(fmt.Sprint("revision ", i))).SetDocumentID(servicetest.ID("linked")).SetNumber(i + 2).SetTitle("t").SetBody("b").SetCreatedAt(at).SaveX(ctx)
			}
			d := tx.Document.Create().SetID(add(fmt.Sprint("private ", i))).SetAuthorID(bob).SetTitle("private").SetFileID(servicetest.ID("file 0")).SetCreatedAt(at).SetUpdatedAt(at).SaveX(ctx)
			tx.Like.Create().SetUserID(bob).SetDocumentID(d.ID).SetCreatedAt(at).SaveX(ctx)
			tx.Favorite.Create().SetUserID(bob).SetDocumentID(d.ID).SetCreatedAt(at).SaveX(ctx)
		}
		tx.Document.Create().SetID(add("of the report")).SetAuthorID(ann).SetTitle("report").SetVisibility(entdocument.VisibilityPublic).SetPublishedAt(servicetest.Base).SetFileID(servicetest.ID("report")).SaveX(ctx)
		tx.Document.Create().SetID(add("of file 0")).SetAuthorID(bob).SetTitle("public").SetVisibility(entdocument.VisibilityPublic).SetPublishedAt(servicetest.Base).SetFileID(servicetest.ID("file 0")).SaveX(ctx)
		tx.DocumentFile.Create().SetDocumentID(servicetest.ID("of the report")).SetFileID(servicetest.ID("report")).SaveX(ctx)
		tx.DocumentFile.Create().SetDocumentID(servicetest.ID("of file 0")).SetFileID(servicetest.ID("file 0")).SaveX(ctx)
		return nil
	}))
	return ids
}

// TestPublicDocumentOfAFile finds the public document of a file that has more private ones than a list takes.
func TestPublicDocumentOfAFile(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		app := apptest.Open(t, community(t, dialect), servicetest.Tiers{})
		crowd(t, app)
		for file, document := range map[string]string{"report": "of the report", "file 0": "of file 0"} {
			found := read(t.Context(), t, app.Sources.New(as("")), loader.FileDocuments, ids("file 0", "report")...)
			if !slices.Contains(found[servicetest.ID(file)], servicetest.ID(document)) {
				t.Errorf("%s: the documents of %s are without the public one: %d others", dialect, file, len(found[servicetest.ID(file)]))
			}
		}
	}
}

// TestEveryKindIsOfALoader fails by name for a kind whose batches no test compares with their keys.
func TestEveryKindIsOfALoader(t *testing.T) {
	c := bare(t).Cache
	read := map[string]bool{
		"session": true, "identity": true, "persisted": true, "corpus": true, "content": true, "sitemap": true, // read one by one
		"frequency": true, // has a separate case
		"names":     true, // the loader users cuts its pages out of it
	}
	for _, x := range subjects(uuid.Nil) {
		if name := x.kind(c); name != "" {
			read[name] = true
		}
	}
	for _, name := range c.Names() {
		if !read[name] {
			t.Errorf("no loader reads the kind %q: compare its batches with their keys", name)
		}
	}
}
