package account

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/user"
	"docsquare/internal/audit"
	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

var errNoAdmin = errs.New(errs.Forbidden, "Administrator role required.")

// Administers is an error unless the viewer is an administrator: UNAUTHENTICATED for a guest, FORBIDDEN for others.
func (s *Service) Administers(ctx context.Context, v viewer.Viewer) error {
	id, err := v.SignedIn()
	if err != nil {
		return err
	}
	users, err := s.ByIDs(ctx, []uuid.UUID{id})
	if err == nil && !v.Rules().Administers(users[id]) {
		err = errNoAdmin
	}
	return err
}

// SetRole changes the role of an account. It returns the errors of Administers, NOT_FOUND if there is no such account,
// and CONFLICT if the site would be left without an administrator.
func (s *Service) SetRole(ctx context.Context, v viewer.Viewer, id uuid.UUID, role user.Role) error {
	if err := s.Administers(ctx, v); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return setRole(ctx, tx, v, id, role) })
}

// Appoint is SetRole for the operator of the server.
func (s *Service) Appoint(ctx context.Context, id uuid.UUID, role user.Role) error {
	operator := viewer.Viewer{UserAgent: "the command line"}
	return s.store.Write(ctx, func(tx *store.Tx) error { return setRole(ctx, tx, operator, id, role) })
}

// setRole holds all administrators, so that two who dismiss each other do not both succeed.
func setRole(ctx context.Context, tx *store.Tx, v viewer.Viewer, id uuid.UUID, role user.Role) error {
	q := store.ForUpdate(tx, tx.User.Query().Where(user.Or(user.RoleEQ(user.RoleAdmin), user.ID(id))).Order(ent.Asc(user.FieldID)))
	held, err := q.All(ctx)
	if err != nil {
		return err
	}
	var u *ent.User
	others, appointed := 0, v.Guest()
	for _, x := range held {
		if x.ID == id {
			u = x
		} else if x.Role == user.RoleAdmin {
			others++
		}
		appointed = appointed || v.Is(x.ID) && x.Role == user.RoleAdmin
	}
	switch {
	case u == nil:
		return errs.Missing("user")
	case !appointed: // not any more
		return errNoAdmin
	case u.Role == role:
		return nil
	case role != user.RoleAdmin && others == 0:
		return errs.New(errs.Conflict, "this is the only administrator: appoint another first")
	}
	changed, err := tx.User.UpdateOneID(id).SetRole(role).Save(ctx)
	if err != nil {
		return err
	}
	tx.Invalidate(changed)
	return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionRoleChanged, Subject: nodeid.ID{Type: nodeid.User, UUID: id}.String(), Detail: string(u.Role) + " → " + string(role)})
}
