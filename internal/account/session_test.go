package account

import (
	"encoding/base64"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"docsquare/ent/schema"
	"docsquare/ent/sessionsecret"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	lifetime = time.Hour
	password = "correct horse"
)

// open is the service over an empty database.
func open(t *testing.T) *Service {
	t.Helper()
	return openOn(t, "sqlite")
}

func openOn(t *testing.T, dialect string) *Service {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	c := kinds.New(kinds.Options{Options: cache.Options{Log: log}})
	t.Cleanup(c.Close)
	inv := store.Invalidation{Tags: kinds.Touched, Replace: c.Replace}
	db, err := store.Open(t.Context(), testkit.Database(t, dialect), inv, log)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	s, err := New(db, c, Options{Lifetime: lifetime})
	testkit.Must(t, err)
	return s
}

// ann opens the account of ann, who is signed in.
func ann(t *testing.T, s *Service) SignedIn {
	t.Helper()
	in, err := s.Register(t.Context(), Registration{Username: "ann", Email: "ann@example.org", Password: password}, viewer.Viewer{UserAgent: "test"})
	testkit.Must(t, err)
	return in
}

// authenticate is who the token speaks for, with how many statements that took, and how many of them wrote.
func authenticate(t *testing.T, s *Service, token string) (v viewer.Viewer, statements, writes int) {
	t.Helper()
	ctx, rec := record.With(t.Context())
	v, err := s.Authenticate(ctx, token)
	testkit.Must(t, err)
	report := rec.Report()
	for _, statement := range report.SQL.List {
		if strings.HasPrefix(statement.Text, "UPDATE") {
			writes += statement.Count
		}
	}
	return v, report.SQL.Statements, writes
}

// refused fails where the token is good for anything.
func refused(t *testing.T, s *Service, what, token string) {
	t.Helper()
	if v, err := s.Authenticate(t.Context(), token); !errs.Is(err, errs.Unauthenticated) || !v.Guest() {
		t.Errorf("%s: %+v, %v", what, v, err)
	}
}

// set changes the moments of a session, as time does.
func set(t *testing.T, s *Service, id uuid.UUID, used, expires time.Time) {
	t.Helper()
	testkit.Must(t, s.store.Write(t.Context(), func(tx *store.Tx) error {
		x, err := tx.Session.UpdateOneID(id).SetLastUsedAt(used).SetExpiresAt(expires).Save(t.Context())
		if err != nil {
			return err
		}
		secret, err := tx.SessionSecret.Query().Where(sessionsecret.SessionID(id)).Only(t.Context())
		tx.Invalidate(x, secret)
		return err
	}))
}

// TestFirstRequest finds the session and the account in the cache.
func TestFirstRequest(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	v, statements, _ := authenticate(t, s, in.Token)
	if v.UserID != in.User.ID || statements != 0 {
		t.Errorf("the session of %v after %d statements", v.UserID, statements)
	}
	ctx, rec := record.With(t.Context())
	users, err := s.ByIDs(ctx, []uuid.UUID{v.UserID})
	testkit.Must(t, err)
	if n := rec.Report().SQL.Statements; n != 0 || users[v.UserID].Username != "ann" {
		t.Errorf("the account %v after %d statements", users[v.UserID], n)
	}
}

// TestTokens refuses what is no token, without a look at the database.
func TestTokens(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	raw, err := base64.RawURLEncoding.DecodeString(in.Token)
	testkit.Must(t, err)
	if len(raw) != 32 {
		t.Errorf("the token has %d bytes", len(raw))
	}
	last := in.Token[len(in.Token)-1]
	for what, token := range map[string]string{
		"empty": "", "space": " ", "short": in.Token[:42], "long": in.Token + "A", "31 bytes": base64.RawURLEncoding.EncodeToString(raw[:31]),
		"33 bytes": base64.RawURLEncoding.EncodeToString(append(raw[:32:32], 0)), "padded": in.Token + "=",
		"hexadecimal": strings.Repeat("ab", 32), "other alphabet": "+" + in.Token[1:], "a line break": in.Token[:20] + "\n" + in.Token[20:],
		"unused bits": in.Token[:42] + string(last+1), "twice": in.Token + in.Token,
	} {
		refused(t, s, what, token)
	}
	refused(t, s, "unknown", base64.RawURLEncoding.EncodeToString(make([]byte, 32)))
	if _, err := s.Authenticate(t.Context(), in.Token); err != nil {
		t.Errorf("the token itself: %v", err)
	}
}

// TestSliding writes a session that is used once in a tenth of its lifetime, and moves its end then.
func TestSliding(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	v, _, writes := authenticate(t, s, in.Token)
	if writes != 0 {
		t.Errorf("a new session was written %d times", writes)
	}
	now := schema.Now()
	set(t, s, v.SessionID, now.Add(-lifetime/10+time.Minute), now.Add(time.Minute))
	if _, _, writes = authenticate(t, s, in.Token); writes != 0 {
		t.Errorf("within a tenth of its lifetime the session was written %d times", writes)
	}
	set(t, s, v.SessionID, now.Add(-lifetime/10-time.Second), now.Add(time.Minute))
	if _, _, writes = authenticate(t, s, in.Token); writes != 1 {
		t.Errorf("after a tenth of its lifetime the session was written %d times", writes)
	}
	if _, _, writes = authenticate(t, s, in.Token); writes != 0 {
		t.Errorf("just after it was written, the session was written %d times", writes)
	}
	x, err := s.store.DB.Session.Get(t.Context(), v.SessionID)
	testkit.Must(t, err)
	if x.ExpiresAt.Before(now.Add(lifetime)) {
		t.Errorf("the session slid to %v, not by its lifetime", x.ExpiresAt)
	}
}

// TestExpired refuses a session past its end: one that is cached, and one that is not.
func TestExpired(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	v, _, _ := authenticate(t, s, in.Token)
	set(t, s, v.SessionID, schema.Now(), schema.Now())
	refused(t, s, "loaded", in.Token)
	refused(t, s, "cached", in.Token)
	lists, err := s.Sessions(t.Context(), []uuid.UUID{v.UserID})
	testkit.Must(t, err)
	if len(lists[v.UserID]) != 0 {
		t.Errorf("it is listed: %v", lists)
	}
}

// TestTooManySessions ends the one that was not used for longest.
func TestTooManySessions(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	tokens := []string{in.Token}
	for range maxSessions {
		next, err := s.SignIn(t.Context(), in.User.ID, viewer.Viewer{UserAgent: "test"})
		testkit.Must(t, err)
		tokens = append(tokens, next.Token)
	}
	refused(t, s, "the oldest", tokens[0])
	for _, token := range tokens[1:] {
		authenticate(t, s, token)
	}
}

// TestChangePassword ends the other sessions, which were in use, and the old password.
func TestChangePassword(t *testing.T) {
	s, ctx := open(t), t.Context()
	in := ann(t, s)
	other, err := s.Login(ctx, "ANN@example.org ", password, viewer.Viewer{UserAgent: "test"})
	testkit.Must(t, err)
	authenticate(t, s, other.Token)
	v, _, _ := authenticate(t, s, in.Token)
	if _, err := s.ChangePassword(ctx, v, "wrong horse", "another horse"); !errs.Is(err, errs.BadUserInput) {
		t.Errorf("with a wrong password: %v", err)
	}
	authenticate(t, s, other.Token)
	revoked, err := s.ChangePassword(ctx, v, password, "another horse")
	testkit.Must(t, err)
	if revoked != 1 {
		t.Errorf("%d sessions were ended", revoked)
	}
	refused(t, s, "the other session", other.Token)
	authenticate(t, s, in.Token)
	if _, err := s.Login(ctx, "ann", password, viewer.Viewer{UserAgent: "test"}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("with the old password: %v", err)
	}
	_, err = s.Login(ctx, "ann", "another horse", viewer.Viewer{UserAgent: "test"})
	testkit.Must(t, err)
}

// TestLogout ends a session for those who have it cached.
func TestLogout(t *testing.T) {
	s := open(t)
	in := ann(t, s)
	v, _, _ := authenticate(t, s, in.Token)
	ended, err := s.Logout(t.Context(), v)
	testkit.Must(t, err)
	if !ended {
		t.Error("nothing was ended")
	}
	refused(t, s, "after the logout", in.Token)
}

// TestUnknownAccount compares the password with a decoy that takes as long as any hash: with a broken decoy only a
// sign-in to an unknown account fails of it.
func TestUnknownAccount(t *testing.T) {
	s, ctx := open(t), t.Context()
	ann(t, s)
	statements := map[string]int{}
	for _, name := range []string{"ann", "absent"} {
		ctx, rec := record.With(ctx)
		if _, err := s.Login(ctx, name, "wrong horse", viewer.Viewer{UserAgent: "test"}); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
		statements[name] = rec.Report().SQL.Statements
	}
	if statements["ann"] != statements["absent"] {
		t.Errorf("the statements differ: %v", statements)
	}
	params, _, _, err := argon2id.DecodeHash(s.passwords.decoy)
	testkit.Must(t, err)
	if *params != *s.passwords.params {
		t.Errorf("the decoy has %+v", *params)
	}
	s.passwords.decoy = "no hash"
	if _, err := s.Login(ctx, "ann", "wrong horse", viewer.Viewer{UserAgent: "test"}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("ann's password was compared with the decoy: %v", err)
	}
	if _, err := s.Login(ctx, "absent", "wrong horse", viewer.Viewer{UserAgent: "test"}); err == nil || errs.Is(err, errs.Unauthenticated) {
		t.Errorf("the password of an unknown account was compared with nothing: %v", err)
	}
}
