package account

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/credential"
	"docsquare/ent/session"
	"docsquare/internal/audit"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// errPassword is the error of a sign-in, whether the account or the password is unknown.
var errPassword = errs.New(errs.Unauthenticated, "the username or the password is wrong")

// maxVerifications bounds how often a sign-in verifies its password, each time because the password was changed after the last time.
const maxVerifications = 3

// Login signs in with a username or an email address. It returns UNAUTHENTICATED, after the same work, whether the
// account or the password is unknown, and RATE_LIMITED after too many failures.
func (s *Service) Login(ctx context.Context, name, password string, client viewer.Viewer) (SignedIn, error) {
	name = Lower(name)
	id, _, err := s.ForSignIn(ctx, name)
	if err != nil {
		return SignedIn{}, err
	}
	a, err := s.attempt(ctx, id, name, client)
	if err != nil {
		return SignedIn{}, err
	}
	for range maxVerifications {
		c, err := s.verify(ctx, id, password)
		if err != nil {
			return SignedIn{}, errors.Join(err, s.noteFailed(ctx, client, name, err))
		}
		in, err := s.signIn(ctx, id, client, c)
		if errors.Is(err, errChanged) {
			continue
		}
		if err == nil {
			a.succeeded()
		}
		return in, err
	}
	return SignedIn{}, errPassword
}

// noteFailed notes a wrong name or password: what was typed may be a password in the wrong place, so only a name is written.
func (s *Service) noteFailed(ctx context.Context, client viewer.Viewer, name string, why error) error {
	if !errs.Is(why, errs.Unauthenticated) {
		return nil
	}
	if _, err := checkEmail(name); err != nil && !plaintext.IsUsername(name) {
		name = ""
	}
	client.UserID = uuid.Nil // the user is not known
	return s.store.Write(ctx, func(tx *store.Tx) error {
		return audit.Note(ctx, tx, client, audit.Event{Action: auditentry.ActionSignInFailed, Subject: name})
	})
}

// verify compares a password with that of the account, or with a decoy if there is no account. It returns the credential that it has
// compared with. Computing a hash takes long, so verify runs outside a transaction: pass the credential to unchanged in the
// transaction that depends on the password.
func (s *Service) verify(ctx context.Context, id uuid.UUID, password string) (*ent.Credential, error) {
	hash := s.passwords.decoy
	c, err := s.store.DB.Credential.Query().Where(credential.UserID(id)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	if c != nil {
		hash = c.PasswordHash
	}
	ok, err := s.passwords.matches(ctx, password, hash)
	if err != nil {
		return nil, err
	}
	if !ok || c == nil {
		return nil, errPassword
	}
	return c, nil
}

// errChanged is the error of a write that depends on a password which was changed after it was verified.
var errChanged = errors.New("account: the password was changed after it was verified")

// unchanged locks a credential until the transaction ends. It returns errChanged if the account has another password by now, or
// is deleted.
func unchanged(ctx context.Context, tx *store.Tx, c *ent.Credential) error {
	now, err := store.ForUpdate(tx, tx.Credential.Query().Where(credential.ID(c.ID))).Only(ctx)
	if ent.IsNotFound(err) || err == nil && now.PasswordHash != c.PasswordHash {
		return errChanged
	}
	return err
}

// ChangePassword sets the viewer's password and ends all other sessions of the viewer. It returns how many. It returns
// BAD_USER_INPUT where the current password is wrong or the new one is too short or too long.
func (s *Service) ChangePassword(ctx context.Context, v viewer.Viewer, current, next string) (revoked int, err error) {
	c, err := s.confirm(ctx, v, "currentPassword", current)
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
		if err := confirmed(ctx, tx, c, "currentPassword"); err != nil {
			return err
		}
		if err := tx.Credential.UpdateOneID(c.ID).SetPasswordHash(hash).Exec(ctx); err != nil {
			return err
		}
		if revoked, err = end(ctx, tx, session.UserID(c.UserID), session.IDNEQ(v.SessionID)); err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionPasswordChanged})
	})
	return revoked, err
}

// confirm verifies the password of the viewer, and blames the field if it is wrong. Call confirmed in the transaction that depends on it.
func (s *Service) confirm(ctx context.Context, v viewer.Viewer, field, password string) (*ent.Credential, error) {
	id, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	c, err := s.verify(ctx, id, password)
	if errs.Is(err, errs.Unauthenticated) {
		return nil, errs.BadInput(field, "the password is wrong")
	}
	return c, err
}

// confirmed is unchanged with the error of confirm.
func confirmed(ctx context.Context, tx *store.Tx, c *ent.Credential, field string) error {
	err := unchanged(ctx, tx, c)
	if errors.Is(err, errChanged) {
		return errs.BadInput(field, "the password is wrong")
	}
	return err
}
