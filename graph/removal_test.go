package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"docsquare/ent"
	"docsquare/internal/account"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestDocumentsComeAndGo has accounts write, publish and delete documents while the others like and comment on them, and has
// some delete their accounts in the end. No account gets an error other than NOT_FOUND, and every counter equals its rows.
func TestDocumentsComeAndGo(t *testing.T) {
	const writers, leaving = 16, 4
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ctx, cancel := context.WithTimeout(t.Context(), *clientsFor/4)
			defer cancel()
			shared := &shelf{}
			var all sync.WaitGroup
			users := accounts(t, app, writers)
			for i, u := range users {
				c := client{handler: app.Handler, token: app.Token(t, u.ID)}
				all.Go(func() {
					for ctx.Err() == nil {
						if err := shared.turn(t.Context(), c, i); err != nil {
							t.Errorf("writer %d: %v", i, err)
							cancel()
						}
					}
				})
			}
			all.Wait()
			leave(t, app, users[:leaving], shared, client{handler: app.Handler, token: app.Token(t, users[leaving].ID)})
			compareCounters(t, app, nil, nil)
		})
	}
}

// leave deletes accounts at once, while somebody goes on with their documents.
func leave(t *testing.T, app *apptest.App, users []*ent.User, shared *shelf, stays client) {
	t.Helper()
	hash := app.Store.DB.Credential.Query().FirstX(t.Context()).PasswordHash
	done := make(chan struct{})
	var all sync.WaitGroup
	for _, u := range users {
		app.Store.DB.Credential.Create().SetUserID(u.ID).SetPasswordHash(hash).ExecX(t.Context())
		all.Go(func() {
			if _, err := app.Accounts.Delete(t.Context(), viewer.Viewer{UserID: u.ID}, account.Confirmation{Password: servicetest.Password}); err != nil {
				t.Errorf("an account could not be deleted: %v", err)
			}
		})
	}
	go func() {
		all.Wait()
		if err := app.Removals.Finish(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("what the accounts have left could not be removed: %v", err)
		}
		close(done)
	}()
	for {
		select {
		case <-done:
			return
		default:
			testkit.Must(t, shared.turn(t.Context(), stays, len(users)))
		}
	}
}

// shelf is the documents that there are, by who wrote them.
type shelf struct {
	mu        sync.Mutex
	documents []string
}

func (s *shelf) add(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.documents = append(s.documents, id)
}

func (s *shelf) pick() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.documents) == 0 {
		return "", false
	}
	recent := s.documents[max(0, len(s.documents)-12):]
	return recent[rand.IntN(len(recent))], true
}

// turn is one write: mostly a mark on a document of somebody's, sometimes a document that comes or goes.
func (s *shelf) turn(ctx context.Context, c client, number int) error {
	id, ok := s.pick()
	fields := []string{"likeDocument", "unlikeDocument", "favoriteDocument", "unfavoriteDocument", "recordView", "deleteDocument", "unpublishDocument", "publishDocument"}
	act := rand.IntN(len(fields) + 3)
	switch {
	case !ok || act == len(fields):
		return s.create(ctx, c, number)
	case act > len(fields):
		a, err := c.send(ctx, addComment, variables{"id": id, "body": "a comment"})
		return refusedOrDone(a, err)
	}
	a, err := c.send(ctx, fmt.Sprintf(`mutation ($id: ID!) { %s(input: {documentId: $id}) { __typename } }`, fields[act]), variables{"id": id})
	return refusedOrDone(a, err)
}

// create writes a public document in one of a few categories.
func (s *shelf) create(ctx context.Context, c client, number int) error {
	var made struct {
		CreateDocument struct{ Document struct{ ID string } }
	}
	err := c.into(ctx, `mutation ($category: String!, $tags: [String!]) { createDocument(input: {title: "T", body: "B",
		visibility: PUBLIC, category: $category, tags: $tags}) { document { id } } }`,
		variables{"category": fmt.Sprintf("category %d", number%3), "tags": []string{"shared", fmt.Sprintf("tag %d", time.Now().UnixNano()%5)}}, &made)
	s.add(made.CreateDocument.Document.ID)
	return err
}

// refusedOrDone accepts what happens between people: the document is gone, hidden or somebody else's.
func refusedOrDone(a answer, err error) error {
	if err != nil || a.code() == "NOT_FOUND" || a.code() == "FORBIDDEN" {
		return err
	}
	return a.decode(new(any))
}
