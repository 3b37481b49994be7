package account

import (
	"context"
	"errors"
	"net/mail"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/credential"
	"docsquare/ent/session"
	"docsquare/ent/user"
	"docsquare/internal/audit"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// The limits of an account, in characters.
const (
	minPassword    = 8
	maxPassword    = 256
	maxDisplayName = 64
	maxBio         = 2000
	maxEmail       = 254
)

var usernames = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{2,31}$`)

// Registration is what opens an account.
type Registration struct {
	Username, Email, Password string
	DisplayName               *string
	Role                      user.Role // empty: a plain account
}

// Register opens an account and signs it in. It returns BAD_USER_INPUT for bad fields and CONFLICT for a username or
// email address that is taken.
func (s *Service) Register(ctx context.Context, r Registration, client viewer.Viewer) (SignedIn, error) {
	u, err := s.Open(ctx, r)
	if err != nil {
		return SignedIn{}, err
	}
	return s.SignIn(ctx, u.ID, client)
}

// Open opens an account without signing it in. Errors are those of Register.
func (s *Service) Open(ctx context.Context, r Registration) (*ent.User, error) {
	u, err := r.check()
	if err != nil {
		return nil, err
	}
	hash, err := s.passwords.hash(ctx, r.Password)
	if err != nil {
		return nil, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		u, err = tx.User.Create().SetUsername(u.Username).SetEmail(u.Email).SetDisplayName(u.DisplayName).SetRole(u.Role).Save(ctx)
		if err != nil {
			return taken(err)
		}
		if err := tx.Credential.Create().SetUserID(u.ID).SetPasswordHash(hash).Exec(ctx); err != nil {
			return err
		}
		tx.Wrote(u, &ent.UserStats{UserID: u.ID})
		tx.Count(counters.SiteUsers, 1)
		return tx.UserStats.Create().SetUserID(u.ID).Exec(ctx)
	})
	return u, err
}

func taken(err error) error {
	if !ent.IsConstraintError(err) {
		return err
	}
	e := errs.New(errs.Conflict, "this username is taken: choose another")
	e.Field = "username"
	if strings.Contains(err.Error(), "email") {
		e.Field, e.Message = "email", "this email address has an account already: sign in, or use another"
	}
	return e
}

func (r Registration) check() (*ent.User, error) {
	u := &ent.User{Username: strings.ToLower(strings.TrimSpace(r.Username)), Role: user.RoleUser}
	if r.Role != "" {
		u.Role = r.Role
	}
	if !usernames.MatchString(u.Username) {
		return nil, errs.BadInput("username", "a username is 3 to 32 of a-z, 0-9, _ and -, starting with a letter or digit")
	}
	if err := checkPassword("password", r.Password); err != nil {
		return nil, err
	}
	u.DisplayName = u.Username
	if r.DisplayName != nil {
		u.DisplayName = *r.DisplayName
	}
	var err error
	if u.Email, err = checkEmail(r.Email); err != nil {
		return nil, err
	}
	u.DisplayName, err = checkDisplayName(u.DisplayName)
	return u, err
}

func checkPassword(field, password string) error {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return errs.BadInput(field, "a password has %d to %d characters, but this has %d", minPassword, maxPassword, n)
	}
	return nil
}

func checkEmail(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > maxEmail {
		return "", errs.BadInput("email", "this is not an email address: pass one such as name@example.org")
	}
	return text, nil
}

func checkDisplayName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > maxDisplayName || strings.ContainsAny(name, "\r\n") {
		return "", errs.BadInput("displayName", "a display name is 1 to %d characters in one line", maxDisplayName)
	}
	return name, nil
}

// Login signs in with a username or an email address. It returns UNAUTHENTICATED, after the same work, whether the
// account or the password is unknown.
func (s *Service) Login(ctx context.Context, name, password string, client viewer.Viewer) (SignedIn, error) {
	name = Lower(name)
	id, _, err := s.ForSignIn(ctx, name)
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.verify(ctx, id, password); err != nil {
		return SignedIn{}, errors.Join(err, s.noteFailed(ctx, client, name, err))
	}
	return s.SignIn(ctx, id, client)
}

// noteFailed notes a wrong name or password: what was typed may be a password in the wrong place, so only a name is written.
func (s *Service) noteFailed(ctx context.Context, client viewer.Viewer, name string, why error) error {
	if !errs.Is(why, errs.Unauthenticated) {
		return nil
	}
	if _, err := checkEmail(name); err != nil && !usernames.MatchString(name) {
		name = ""
	}
	client.UserID = uuid.Nil // the user is not known
	return s.store.Write(ctx, func(tx *store.Tx) error {
		return audit.Note(ctx, tx, client, audit.Event{Action: auditentry.ActionSignInFailed, Subject: name})
	})
}

// verify compares a password with that of the account, or with a decoy if there is no account.
func (s *Service) verify(ctx context.Context, id uuid.UUID, password string) error {
	hash := s.passwords.decoy
	c, err := s.store.DB.Credential.Query().Where(credential.UserID(id)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return err
	}
	if c != nil {
		hash = c.PasswordHash
	}
	ok, err := s.passwords.matches(ctx, password, hash)
	if err != nil {
		return err
	}
	if !ok || c == nil {
		return errs.New(errs.Unauthenticated, "the username or the password is wrong")
	}
	return nil
}

// ChangePassword sets the viewer's password and ends all other sessions of the viewer; it says how many. It returns
// BAD_USER_INPUT where the current password is wrong or the new one is too short or too long.
func (s *Service) ChangePassword(ctx context.Context, v viewer.Viewer, current, next string) (revoked int, err error) {
	id, err := s.confirm(ctx, v, "currentPassword", current)
	if err != nil {
		return 0, err
	}
	if err := checkPassword("newPassword", next); err != nil {
		return 0, err
	}
	hash, err := s.passwords.hash(ctx, next)
	if err != nil {
		return 0, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.Credential.Update().Where(credential.UserID(id)).SetPasswordHash(hash).Exec(ctx); err != nil {
			return err
		}
		if revoked, err = end(ctx, tx, session.UserID(id), session.IDNEQ(v.SessionID)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionPasswordChanged})
	})
	return revoked, err
}

// confirm is the viewer's account where the password is right.
func (s *Service) confirm(ctx context.Context, v viewer.Viewer, field, password string) (uuid.UUID, error) {
	id, err := v.SignedIn()
	if err != nil {
		return uuid.Nil, err
	}
	if err := s.verify(ctx, id, password); errs.Is(err, errs.Unauthenticated) {
		return uuid.Nil, errs.BadInput(field, "the password is wrong")
	} else if err != nil {
		return uuid.Nil, err
	}
	return id, nil
}

// Profile is a change to an account. Nil fields keep their value.
type Profile struct{ DisplayName, Bio, Email *string }

// UpdateProfile changes the viewer's profile. It returns BAD_USER_INPUT for bad fields and CONFLICT for an email address
// that is taken.
func (s *Service) UpdateProfile(ctx context.Context, v viewer.Viewer, p Profile) error {
	id, err := v.SignedIn()
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.User.Get(ctx, id)
		if err != nil {
			return err
		}
		update := tx.User.UpdateOneID(id)
		if err := p.apply(update); err != nil {
			return err
		}
		u, err := update.Save(ctx)
		if err != nil {
			return taken(err)
		}
		tx.Wrote(old, u)
		return nil
	})
}

func (p Profile) apply(update *ent.UserUpdateOne) error {
	if p.DisplayName != nil {
		name, err := checkDisplayName(*p.DisplayName)
		if err != nil {
			return err
		}
		update.SetDisplayName(name)
	}
	if p.Bio != nil {
		if utf8.RuneCountInString(*p.Bio) > maxBio {
			return errs.BadInput("bio", "a bio may have up to %d characters", maxBio)
		}
		update.SetBio(strings.TrimSpace(*p.Bio))
	}
	if p.Email != nil {
		email, err := checkEmail(*p.Email)
		if err != nil {
			return err
		}
		update.SetEmail(email)
	}
	return nil
}
