package account

import (
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/testkit"
)

// TestUsernamesAreNoEmailAddresses finds an account by its email address to sign in, and by nothing that clients can ask for.
func TestUsernamesAreNoEmailAddresses(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	found, err := s.ByUsernames(t.Context(), []string{"ann", "ann@example.org"})
	testkit.Must(t, err)
	if len(found) != 1 || found["ann"] != in.User.ID {
		t.Errorf("by username: %v", found)
	}
	for name, want := range map[string]uuid.UUID{"ann": in.User.ID, " Ann@Example.org": in.User.ID, "absent": uuid.Nil, "absent@example.org": uuid.Nil} {
		if id, ok, err := s.ForSignIn(t.Context(), name); id != want || ok != (want != uuid.Nil) || err != nil {
			t.Errorf("%q signs in to %v, %v, %v", name, id, ok, err)
		}
	}
}
