package graph_test

import (
	"fmt"
	"sync"
	"testing"

	"docsquare/internal/nodeid"
)

// TestOneUpdateWins has many clients change the same revision of a document at once, round after round: one wins, the
// others hear at which revision the document is by now, and every number is kept once.
func TestOneUpdateWins(t *testing.T) {
	const rounds, writers = 50, 32
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			ann := as(t, served(t, dialect), "ann")
			id := global(nodeid.Document, "doc01")
			titles := map[int]string{1: "Document 1"}
			for round := 1; round <= rounds; round++ {
				titles[round+1] = race(t, ann, id, round, writers)
			}
			kept := revisions(t, ann, id)
			if len(kept) != rounds+1 {
				t.Fatalf("%d revisions are kept after %d changes", len(kept), rounds)
			}
			for i, r := range kept {
				if want := rounds + 1 - i; r.Number != want || r.Title != titles[want] {
					t.Errorf("in place %d of the revisions stands %+v, wanted %d %q", i, r, want, titles[want])
				}
			}
		})
	}
}

// race changes a revision many times at once and returns the title that won.
func race(t *testing.T, c client, document string, revision, writers int) (won string) {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for i := range writers {
		all.Go(func() {
			title := fmt.Sprintf("Round %d, writer %d", revision, i)
			a, err := c.send(t.Context(), `mutation ($id: ID!, $revision: Int!, $title: String!) {
				updateDocument(input: {documentId: $id, expectedRevision: $revision, title: $title}) { document { revision title } } }`,
				variables{"id": document, "revision": revision, "title": title})
			mu.Lock()
			defer mu.Unlock()
			var out struct {
				UpdateDocument struct {
					Document struct {
						Revision int
						Title    string
					}
				}
			}
			switch {
			case err != nil:
				t.Error(err)
			case a.code() == "CONFLICT":
				if got := a.Errors[0].Extensions.Revision; got != revision+1 {
					t.Errorf("the conflict names revision %d, the document is at %d", got, revision+1)
				}
			case a.decode(&out) != nil || out.UpdateDocument.Document.Revision != revision+1 || out.UpdateDocument.Document.Title != title:
				t.Errorf("revision %d was changed to %q, the answer is %s", revision, title, a.raw)
			case won != "":
				t.Errorf("%q and %q both won", won, title)
			default:
				won = title
			}
		})
	}
	all.Wait()
	if won == "" {
		t.Fatalf("no writer won round %d", revision)
	}
	return won
}

type keptRevision struct {
	Number int
	Title  string
}

// revisions pages through the revisions that are kept of a document.
func revisions(t *testing.T, c client, document string) (all []keptRevision) {
	t.Helper()
	vars := variables{"id": document}
	for {
		var out struct {
			Document struct {
				Revisions struct {
					TotalCount int
					Nodes      []keptRevision
					PageInfo   struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
		}
		c.must(t, `query ($id: ID!, $after: String) { document(id: $id) { revisions(first: 20, after: $after) {
			totalCount nodes { number title } pageInfo { hasNextPage endCursor } } } }`, vars, &out)
		page := out.Document.Revisions
		all = append(all, page.Nodes...)
		if !page.PageInfo.HasNextPage {
			if page.TotalCount != len(all) {
				t.Errorf("the list says it has %d revisions, but has %d", page.TotalCount, len(all))
			}
			return all
		}
		vars["after"] = page.PageInfo.EndCursor
	}
}
