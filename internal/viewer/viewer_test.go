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
				if got := tc.viewer.Sees(doc); got != want {
					t.Errorf("sees a %s document: %v", v, got)
				}
			}
			if tc.viewer.Edits(doc) != tc.edits || tc.viewer.Deletes(comment, doc) != tc.d {
				t.Errorf("edits %v, deletes %v", tc.viewer.Edits(doc), tc.viewer.Deletes(comment, doc))
			}
		})
	}
	if (viewer.Viewer{}).Edits(&ent.Document{}) {
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
		t.Fatal("nobody is somebody")
	}
}
