package goclient_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/clients/goclient"
	"docsquare/internal/testkit/servicetest"
)

// signedIn sends each request with a token.
type signedIn string

func (token signedIn) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(token))
	return http.DefaultTransport.RoundTrip(r)
}

// clients returns a client without an account, and one with a new account.
func clients(t *testing.T) (guest, gopher graphql.Client) {
	t.Helper()
	app := apptest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	server := httptest.NewServer(app.Handler)
	t.Cleanup(server.Close)
	guest = graphql.NewClient(server.URL, http.DefaultClient)
	registered, err := goclient.Register(t.Context(), guest, goclient.RegisterInput{Username: "gopher", Email: "gopher@example.org", Password: "long enough 12"})
	testkit.Must(t, err)
	return guest, graphql.NewClient(server.URL, &http.Client{Transport: signedIn(registered.Register.Token)})
}

// TestPages reads a list by its cursors, and an object of each type by its identifier.
func TestPages(t *testing.T) {
	guest, _ := clients(t)
	var seen []string
	var after *string
	for {
		page, err := goclient.Feed(t.Context(), guest, 7, after)
		testkit.Must(t, err)
		for _, d := range page.Documents.Nodes {
			if d.PublishedAt == nil || d.PublishedAt.After(time.Now()) || d.Author.Username == "" || d.Stats.Likes < 0 {
				t.Errorf("a public document is %+v", d.Card)
			}
			seen = append(seen, d.Id)
		}
		if !page.Documents.PageInfo.HasNextPage {
			if distinct := slices.Compact(slices.Sorted(slices.Values(seen))); len(seen) != page.Documents.TotalCount || len(distinct) != len(seen) {
				t.Errorf("the pages have %d documents, %d of them different, of %d", len(seen), len(distinct), page.Documents.TotalCount)
			}
			break
		}
		after = page.Documents.PageInfo.EndCursor
	}
	found, err := goclient.Thing(t.Context(), guest, seen[0])
	testkit.Must(t, err)
	if d, ok := (*found.Node).(*goclient.ThingNodeDocument); !ok || d.Title == "" || d.Id != seen[0] {
		t.Errorf("a document is %+v", *found.Node)
	}
	found, err = goclient.Thing(t.Context(), guest, nodeid.ID{Type: nodeid.User, UUID: servicetest.ID("ann")}.String())
	testkit.Must(t, err)
	if u, ok := (*found.Node).(*goclient.ThingNodeUser); !ok || u.Username != "ann" {
		t.Errorf("an account is %+v", *found.Node)
	}
}

// TestWrites checks that what a client leaves out stays as it is, and that an error has its code.
func TestWrites(t *testing.T) {
	guest, gopher := clients(t)
	body, summary := "正文 of a client", "摘要"
	created, err := goclient.Create(t.Context(), gopher, goclient.CreateDocumentInput{Title: new("来自 Go"), Body: &body, Summary: &summary, Tags: []string{"Go", "客户端"}, Visibility: goclient.DocumentVisibilityPublic})
	testkit.Must(t, err)
	first := created.CreateDocument.Document.Card
	renamed, err := goclient.Update(t.Context(), gopher, goclient.UpdateDocumentInput{DocumentId: first.Id, ExpectedRevision: first.Revision, Title: new("改名")})
	testkit.Must(t, err)
	want := first
	want.Title, want.Revision = "改名", first.Revision+1
	if diff := cmp.Diff(want, renamed.UpdateDocument.Document.Card); diff != "" {
		t.Errorf("a new title changes more than that: %s", diff)
	}
	_, err = goclient.Update(t.Context(), gopher, goclient.UpdateDocumentInput{DocumentId: first.Id, ExpectedRevision: first.Revision, Title: new("too late")})
	wantCode(t, err, "CONFLICT")
	_, err = goclient.Update(t.Context(), guest, goclient.UpdateDocumentInput{DocumentId: first.Id, ExpectedRevision: first.Revision + 1, Title: new("not mine")})
	wantCode(t, err, "UNAUTHENTICATED")
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var list gqlerror.List
	if !errors.As(err, &list) || len(list) != 1 || list[0].Extensions["code"] != code {
		t.Errorf("got %v, want an error with the code %s", err, code)
	}
}
