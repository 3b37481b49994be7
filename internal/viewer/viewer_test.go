package viewer_test

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/errs"
	"docsquare/internal/viewer"
)

func TestWhoMayWhat(t *testing.T) {
	ann, bob, cy := viewer.Viewer{UserID: uuid.UUID{1}}, viewer.Viewer{UserID: uuid.UUID{2}}, viewer.Viewer{UserID: uuid.UUID{3}}
	comment := &ent.Comment{AuthorID: bob.UserID}
	for name, tc := range map[string]struct {
		viewer                      viewer.Viewer
		private, unlisted, edits, d bool
	}{
		"the author":              {ann, true, true, true, true},
		"the comment's author":    {bob, false, true, false, true},
		"somebody else":           {cy, false, true, false, false},
		"a guest":                 {viewer.Viewer{}, false, true, false, false},
		"a guest with a session":  {viewer.Viewer{SessionID: uuid.UUID{1}}, false, true, false, false},
		"an author by no account": {viewer.Viewer{UserID: uuid.Nil}, false, true, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			doc := &ent.Document{AuthorID: ann.UserID}
			for v, want := range map[document.Visibility]bool{
				document.VisibilityPrivate: tc.private, document.VisibilityUnlisted: tc.unlisted, document.VisibilityPublic: true,
			} {
				doc.Visibility = v
				if got := tc.viewer.Rules().Sees(doc); got != want {
					t.Errorf("sees a %s document: %v", v, got)
				}
			}
			if tc.viewer.Rules().Edits(doc) != tc.edits || tc.viewer.Rules().Deletes(comment, doc) != tc.d {
				t.Errorf("edits %v, deletes %v", tc.viewer.Rules().Edits(doc), tc.viewer.Rules().Deletes(comment, doc))
			}
		})
	}
	if (viewer.Viewer{}).Rules().Edits(&ent.Document{}) {
		t.Error("a guest is the author of a document without one")
	}
}

func TestSignedIn(t *testing.T) {
	if _, err := (viewer.Viewer{}).SignedIn(); !errs.Is(err, errs.Unauthenticated) {
		t.Fatalf("got %v", err)
	}
	ctx := viewer.With(t.Context(), viewer.Viewer{UserID: uuid.UUID{1}})
	if id, err := viewer.From(ctx).SignedIn(); err != nil || id != (uuid.UUID{1}) {
		t.Fatalf("got %v, %v", id, err)
	}
	if !viewer.From(t.Context()).Guest() {
		t.Fatal("From without a viewer is not a guest")
	}
}

// TestClientAddress believes so many proxies, and no client.
func TestClientAddress(t *testing.T) {
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		proxies   int
		want      string
	}{
		"no proxy":                    {"192.0.2.1:80", nil, 0, "192.0.2.1"},
		"a client that lies":          {"192.0.2.1:80", []string{"203.0.113.9"}, 0, "192.0.2.1"},
		"one proxy":                   {"10.0.0.1:80", []string{"203.0.113.9"}, 1, "203.0.113.9"},
		"one proxy, and a lie":        {"10.0.0.1:80", []string{"198.51.100.7, 203.0.113.9"}, 1, "203.0.113.9"},
		"two proxies":                 {"10.0.0.1:80", []string{"198.51.100.7, 203.0.113.9, 10.0.0.2"}, 2, "203.0.113.9"},
		"two proxies, two headers":    {"10.0.0.1:80", []string{"203.0.113.9", "10.0.0.2"}, 2, "203.0.113.9"},
		"past the proxies":            {"192.0.2.1:80", []string{"10.0.0.2"}, 2, "192.0.2.1"},
		"a proxy that adds the port":  {"10.0.0.1:80", []string{"203.0.113.9:4711"}, 1, "203.0.113.9"},
		"an IPv6 address":             {"[2001:db8:1:2:3:4:5:6]:80", nil, 0, "2001:db8:1:2::"},
		"its neighbour":               {"[2001:db8:1:2:ffff::1]:80", nil, 0, "2001:db8:1:2::"},
		"IPv4 in IPv6":                {"[::ffff:192.0.2.1]:80", nil, 0, "192.0.2.1"},
		"an address of the link":      {"[fe80::1%eth0]:80", nil, 0, "fe80::"},
		"a proxy that sends nonsense": {"10.0.0.1:80", []string{"unknown"}, 1, ""},
		"a socket without an address": {"@", nil, 0, ""},
	} {
		if got := viewer.ClientAddress(c.remote, c.forwarded, c.proxies); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
