package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestReadYourWritesAcrossInstances sends the version of each write to the other instance, which then answers with nothing
// older: at once, however warm its caches are.
func TestReadYourWritesAcrossInstances(t *testing.T) {
	url, tiers := servicetest.Community(t, "postgres"), servicetest.Tiers{Redis: true, Prefix: "versions:" + uuid.NewString() + ":"}
	a, b := apptest.Open(t, url, tiers), apptest.Open(t, url, tiers)
	token := a.Token(t, servicetest.ID("ann"))
	const read = `{ viewer { bio } }`
	if _, version := exchange(t, b.Handler, token, "", read, nil); version != "" {
		t.Errorf("a query has the version %q", version)
	}
	for range 50 {
		bio := uuid.NewString()
		_, version := exchange(t, a.Handler, token, "", `mutation ($bio: String!) { updateProfile(input: { bio: $bio }) { user { bio } } }`, variables{"bio": bio})
		if version == "" {
			t.Fatal("a write has no version")
		}
		body, _ := exchange(t, b.Handler, token, version, read, nil)
		if want := `{"data":{"viewer":{"bio":"` + bio + `"}}}`; body != want {
			t.Fatalf("the other instance answers %s, want %s", body, want)
		}
	}
}

// exchange sends an operation with a version, and gives back the body and the version of the answer.
func exchange(t *testing.T, h http.Handler, token, version, query string, vars variables) (body, next string) {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	testkit.Must(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	if version != "" {
		r.Header.Set("X-Cache-Version", version)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String(), w.Header().Get("X-Cache-Version")
}
