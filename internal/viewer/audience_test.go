package viewer_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/ent/user"
	"docsquare/internal/viewer"
)

// decisions are all rules for documents of all visibilities by two authors, with a comment and a file of theirs.
func decisions(r viewer.Rules, authors []uuid.UUID) (all []bool) {
	for _, author := range authors {
		for _, v := range []document.Visibility{document.VisibilityPublic, document.VisibilityUnlisted, document.VisibilityPrivate} {
			d := &ent.Document{AuthorID: author, Visibility: v}
			for _, other := range authors {
				comment, kept := &ent.Comment{AuthorID: other}, &ent.File{UserID: other, Status: file.StatusStored}
				all = append(all, r.Sees(d), r.Edits(d), r.Deletes(comment, d), r.SeesFile(kept, slices.Values([]*ent.Document{d})))
			}
		}
		all = append(all, r.Is(author), r.Administers(&ent.User{ID: author, Role: user.RoleAdmin}))
	}
	return all
}

// TestAudienceGetsTheSame asks each rule for each viewer. Those in the audience of one get the decisions that this one gets.
func TestAudienceGetsTheSame(t *testing.T) {
	accounts := []uuid.UUID{uuid.Nil, {1}, {2}, {3}, {4}}
	for _, authors := range [][]uuid.UUID{{{1}, {2}}, {{1}, {1}}, {{3}, {2}}} {
		for i := range decisions(viewer.Rules{}, authors) {
			for _, first := range accounts {
				var audience viewer.Audience
				noted := viewer.Viewer{UserID: first}.Rules().Noted(&audience)
				want := decisions(noted, authors)[i]
				except, shared := audience.Shared()
				if signed := slices.Contains(authors, first); shared == signed {
					t.Fatalf("the audience of %v is shared: %v", first, shared)
				}
				for _, other := range accounts {
					if got := decisions(viewer.Viewer{UserID: other}.Rules(), authors)[i]; shared && !slices.Contains(except, other) && got != want {
						t.Errorf("decision %d for %v is %v, for %v %v", i, first, want, other, got)
					}
				}
			}
		}
	}
}

// TestRulesThatAskNothing leaves everybody in the audience of what everybody sees.
func TestRulesThatAskNothing(t *testing.T) {
	var audience viewer.Audience
	r := viewer.Viewer{UserID: uuid.UUID{1}}.Rules().Noted(&audience)
	for _, v := range []document.Visibility{document.VisibilityPublic, document.VisibilityUnlisted} {
		if d := (&ent.Document{AuthorID: uuid.UUID{1}, Visibility: v}); !r.Sees(d) || !r.SeesFile(&ent.File{UserID: uuid.UUID{1}, Status: file.StatusStored}, slices.Values([]*ent.Document{d})) {
			t.Errorf("a %s document is not seen", v)
		}
	}
	if except, shared := audience.Shared(); !shared || len(except) > 0 {
		t.Errorf("the audience is shared: %v, without %v", shared, except)
	}
}

// TestAudiencesAreBounded ends an audience that would except too many accounts.
func TestAudiencesAreBounded(t *testing.T) {
	var audience viewer.Audience
	r := viewer.Viewer{UserID: uuid.UUID{1}}.Rules().Noted(&audience)
	for range 2 { // the second time each is known
		for i := range 256 {
			r.Is(uuid.UUID{2, byte(i)})
		}
	}
	if except, shared := audience.Shared(); !shared || len(except) != 256 {
		t.Fatalf("the audience is shared: %v, without %d accounts", shared, len(except))
	}
	r.Is(uuid.UUID{3})
	if _, shared := audience.Shared(); shared {
		t.Error("the audience excepts more accounts than it may")
	}
}
