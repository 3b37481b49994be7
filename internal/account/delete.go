package account

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/credential"
	"docsquare/ent/identity"
	entremoval "docsquare/ent/removal"
	"docsquare/ent/session"
	"docsquare/ent/user"
	"docsquare/internal/audit"
	"docsquare/internal/counters"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/removal"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/viewer"
)

// Confirmation confirms the deletion of an account. An account with a password is confirmed by it, any other by its username and a
// fresh token of the outside issuer.
type Confirmation struct{ Password, Username string }

// freshness is how long ago the outside issuer may have signed in who deletes an account.
const freshness = 5 * time.Minute

// Delete deletes the viewer's account with everything that it wrote and marked. When it returns, sign-ins to the account fail, and
// no read finds it, its documents or its comments. If these are many, package removal deletes their rows after that.
//
// It returns BAD_USER_INPUT for a wrong password or username, and FORBIDDEN for a token that is not fresh.
func (s *Service) Delete(ctx context.Context, v viewer.Viewer, c Confirmation) (uuid.UUID, error) {
	check, err := s.confirmDeletion(ctx, v, c)
	if err != nil {
		return uuid.Nil, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := check(tx); err != nil {
			return err
		}
		name, err := s.close(ctx, tx, v.UserID)
		if err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionAccountDeleted, Subject: (&ent.User{ID: v.UserID}).NodeID().String(), Detail: name})
	})
	if err != nil {
		return uuid.Nil, err
	}
	ctx = context.WithoutCancel(ctx) // the account is closed
	if err := removal.Hide(ctx, s.store, v.UserID); err != nil {
		return uuid.Nil, err
	}
	s.removals.Start(ctx, v.UserID)
	return v.UserID, nil
}

// confirmDeletion checks a confirmation, and returns what is to be checked in the transaction.
func (s *Service) confirmDeletion(ctx context.Context, v viewer.Viewer, c Confirmation) (func(*store.Tx) error, error) {
	id, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	secured, err := s.store.DB.Credential.Query().Where(credential.UserID(id)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if secured {
		verified, err := s.confirm(ctx, v, "password", c.Password)
		return func(tx *store.Tx) error { return confirmed(ctx, tx, verified, "password") }, err
	}
	if v.Token == nil || time.Since(signedInAt(v.Token)) > freshness {
		return nil, errs.New(errs.Forbidden, "this account has no password: sign in again where you got your token, and repeat this with the new token within %d minutes", int(freshness.Minutes()))
	}
	return func(tx *store.Tx) error {
		u, err := tx.User.Query().Where(user.ID(id), present.User()).Only(ctx)
		if ent.IsNotFound(err) {
			return errs.SignIn()
		}
		if err == nil && Lower(c.Username) != u.Username {
			err = errs.BadInput("username", "this is not the username of your account: type it to confirm the deletion")
		}
		return err
	}, nil
}

// signedInAt is when the outside issuer asked the subject of a token who it is, or else when it issued the token.
func signedInAt(t *viewer.Token) time.Time {
	if !t.Authenticated.IsZero() {
		return t.Authenticated
	}
	return t.IssuedAt
}

// close begins the removal of an account: from the commit on sign-ins to it fail, no token brings it back, and it is not shown. Its
// username and email address are free for others. It returns the username.
func (s *Service) close(ctx context.Context, tx *store.Tx, id uuid.UUID) (string, error) {
	old, err := store.ForUpdate(tx, tx.User.Query().Where(user.ID(id), present.User())).Only(ctx)
	if ent.IsNotFound(err) {
		return "", errs.SignIn()
	}
	if err != nil {
		return "", err
	}
	if _, err := removal.Begin(ctx, tx, id, entremoval.KindAccount); err != nil {
		return "", err
	}
	if _, err := end(ctx, tx, session.UserID(id)); err != nil {
		return "", err
	}
	if _, err := tx.Credential.Delete().Where(credential.UserID(id)).Exec(ctx); err != nil {
		return "", err
	}
	if err := s.unlink(ctx, tx, id); err != nil {
		return "", err
	}
	if err := setAvatar(ctx, tx, old, nil); err != nil {
		return "", err
	}
	vacant := "~" + hex.EncodeToString(id[:])[1:] // which no account can choose: 32 characters
	closed, err := tx.User.UpdateOneID(id).SetUsername(vacant).SetEmail(vacant).SetDisplayName(vacant).SetFolded("").SetBio("").SetRole(user.RoleUser).ClearAvatarID().Save(ctx)
	if err != nil {
		return "", err
	}
	tx.Invalidate(old, closed, &ent.UserStats{UserID: id}, &ent.Session{UserID: id}, kinds.VisibilityChange{})
	tx.Count(counters.SiteUsers, -1)
	return old.Username, nil
}

// unlink removes the links of an account to subjects of outside issuers, whose tokens are refused that were issued until now.
func (s *Service) unlink(ctx context.Context, tx *store.Tx, id uuid.UUID) error {
	links, err := tx.Identity.Query().Where(identity.UserID(id)).All(ctx) // one, as a rule
	if err != nil {
		return err
	}
	for _, x := range links {
		if err := s.refuseAll(ctx, tx, kinds.Subject{Issuer: x.Issuer, Name: x.Subject}.Hash()); err != nil {
			return err
		}
		tx.Invalidate(x)
	}
	_, err = tx.Identity.Delete().Where(identity.UserID(id)).Exec(ctx)
	return err
}
