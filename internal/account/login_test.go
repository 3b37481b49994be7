package account

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"docsquare/ent/auditentry"
	"docsquare/ent/schema"
	"docsquare/internal/errs"
	"docsquare/internal/limit/ratelimit"
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
	for name, want := range map[string]uuid.UUID{"ann": in.User.ID, "Ann@Example.org": in.User.ID, "absent": uuid.Nil, "absent@example.org": uuid.Nil} {
		if id, ok, err := s.ForSignIn(t.Context(), name); id != want || ok != (want != uuid.Nil) || err != nil {
			t.Errorf("%q signs in to %v, %v, %v", name, id, ok, err)
		}
	}
}

// TestNoSessionOfTheOldPasswordSurvives signs in with the old password while the password is changed. Hashes are cheap, so that the transactions
// of both meet more often.
func TestNoSessionOfTheOldPasswordSurvives(t *testing.T) {
	both(t, func(t *testing.T, s *Service) {
		const rounds, signIns = 10, 24
		cheap(t, s)
		in := ann(t, s)
		v, _, _ := authenticate(t, s, in.Token)
		current := password
		for round := range rounds {
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
		if _, found, err := s.byHash(t.Context(), hash, failedTokens{}); err != nil || !found {
			t.Fatalf("the session is not cached: %v", err)
		}
		testkit.Must(t, s.store.DB.Session.DeleteOneID(v.SessionID).Exec(t.Context())) // invalidates nothing
		refused(t, s, "the session that is gone", in.Token)
	})
}

// limited is a service that limits failed sign-ins, with cheap hashes and the account of ann, who has signed in from home.
func limited(t *testing.T) *Service {
	t.Helper()
	s := open(t)
	s.limiter = ratelimit.New(ratelimit.Options{})
	t.Cleanup(s.limiter.Close)
	cheap(t, s)
	ann(t, s)
	login(t, s, "ann", password, "home", "")
	return s
}

// cheap has a service hash passwords in no time.
func cheap(t *testing.T, s *Service) {
	t.Helper()
	s.passwords.params = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	hash, err := s.passwords.hash(t.Context(), "no password")
	testkit.Must(t, err)
	s.passwords.decoy = hash
}

// login signs in from an address, and fails unless the error has the code.
func login(t *testing.T, s *Service, name, password, address string, want errs.Code) {
	t.Helper()
	_, err := s.Login(t.Context(), name, password, viewer.Viewer{Address: address})
	if e := errs.As(err); want == "" && err != nil || want != "" && (e == nil || e.Code != want) {
		t.Fatalf("%s from %s: %v, want %q", name, address, err, want)
	} else if e != nil && e.Code == errs.RateLimited && e.RetryAfter <= 0 {
		t.Fatalf("%s from %s may try again after %v", name, address, e.RetryAfter)
	}
}

// TestFailedSignInsAreLimited has one address guess the password of ann by both her names, and locks out that address alone.
func TestFailedSignInsAreLimited(t *testing.T) {
	s := limited(t)
	for i := range failuresAtAddress.Points {
		login(t, s, []string{"ann", "Ann@example.org"}[i%2], "wrong horse", "attacker", errs.Unauthenticated)
	}
	for _, name := range []string{"ann", "ann@example.org", " ANN"} {
		login(t, s, name, "wrong horse", "attacker", errs.RateLimited)
		login(t, s, name, password, "attacker", errs.RateLimited)
	}
	for range 2 * failuresAtAddress.Points { // successful ones do not count
		login(t, s, "ann", password, "home", "")
		login(t, s, "ann", password, "elsewhere", "")
	}
	for range failuresAtAddress.Points {
		login(t, s, "absent", "wrong horse", "attacker", errs.Unauthenticated)
	}
	login(t, s, "absent", "wrong horse", "attacker", errs.RateLimited)
}

// TestOwnerIsNotLockedOut has many addresses guess the password of ann: she can sign in from where she has signed in before.
func TestOwnerIsNotLockedOut(t *testing.T) {
	s := limited(t)
	for i := range failuresAnywhere.Points {
		login(t, s, "ann", "wrong horse", fmt.Sprint("attacker ", i), errs.Unauthenticated)
	}
	login(t, s, "ann", "wrong horse", "one attacker more", errs.RateLimited)
	login(t, s, "ann@example.org", password, "a new place", errs.RateLimited)
	for range 3 {
		login(t, s, "ann@example.org", password, "home", "")
	}
	n, err := s.store.DB.AuditEntry.Query().Where(auditentry.ActionEQ(auditentry.ActionSignInFailed)).Count(t.Context())
	testkit.Must(t, err)
	if n != failuresAnywhere.Points {
		t.Errorf("%d failed sign-ins are noted, want %d: one that is refused costs no write", n, failuresAnywhere.Points)
	}
}
