package account

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/schema"
	"docsquare/internal/errs"
	"docsquare/internal/testkit"
	"docsquare/internal/viewer"
)

// both runs a test on either database.
func both(t *testing.T, test func(t *testing.T, s *Service)) {
	t.Helper()
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) { test(t, openOn(t, dialect)) })
	}
}

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

// TestNoSessionOfTheOldPasswordSurvives signs in with the old password while the password is changed.
func TestNoSessionOfTheOldPasswordSurvives(t *testing.T) {
	both(t, func(t *testing.T, s *Service) {
		const signIns = 24
		in := ann(t, s)
		v, _, _ := authenticate(t, s, in.Token)
		current := password
		for round := range 3 {
			next := fmt.Sprint("another horse ", round)
			tokens := make(chan string, signIns)
			var all sync.WaitGroup
			for i := range signIns {
				all.Go(func() {
					if i == signIns/2 {
						_, err := s.ChangePassword(t.Context(), v, current, next)
						if err != nil {
							t.Error(err)
						}
						return
					}
					signedIn, err := s.Login(t.Context(), "ann", current, viewer.Viewer{UserAgent: "test"})
					if err == nil {
						tokens <- signedIn.Token
					} else if !errs.Is(err, errs.Unauthenticated) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			close(tokens)
			opened := len(tokens)
			for token := range tokens {
				refused(t, s, "a session of the old password", token)
			}
			t.Logf("round %d: %d sessions were opened and ended", round, opened)
			current = next
		}
		authenticate(t, s, in.Token)
	})
}

// TestPasswordThatChangesAfterItWasVerified has every write that depends on a password look at it again.
func TestPasswordThatChangesAfterItWasVerified(t *testing.T) {
	both(t, func(t *testing.T, s *Service) {
		in, ctx := ann(t, s), t.Context()
		v, _, _ := authenticate(t, s, in.Token)
		old, err := s.verify(ctx, in.User.ID, password)
		testkit.Must(t, err)
		_, err = s.ChangePassword(ctx, v, password, "another horse")
		testkit.Must(t, err)
		if got, err := s.signIn(ctx, in.User.ID, v, old); err == nil || got.Token != "" {
			t.Errorf("a session was opened with the old password: %v", err)
		}
		if lists, err := s.Sessions(ctx, []uuid.UUID{in.User.ID}); err != nil || len(lists[in.User.ID]) != 1 {
			t.Errorf("%d sessions, %v", len(lists[in.User.ID]), err)
		}
	})
}

// TestSlideOfASessionThatIsGone refuses a token whose session was deleted, even if the cache still has it.
func TestSlideOfASessionThatIsGone(t *testing.T) {
	both(t, func(t *testing.T, s *Service) {
		in := ann(t, s)
		v, _, _ := authenticate(t, s, in.Token)
		now := schema.Now()
		set(t, s, v.SessionID, now.Add(-lifetime/2), now.Add(time.Minute))
		hash, _ := hashOf(in.Token)
		if _, found, err := s.byHash(t.Context(), hash); err != nil || !found {
			t.Fatalf("the session is not cached: %v", err)
		}
		testkit.Must(t, s.store.DB.Session.DeleteOneID(v.SessionID).Exec(t.Context())) // invalidates nothing
		refused(t, s, "the session that is gone", in.Token)
	})
}
