package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/nodeid"
)

// ownSessions is the source of sessions: only those of the viewer exist for it.
type ownSessions struct{}

func (ownSessions) load(f *exec.Fetch, ids []place) exec.Step {
	s := setOf(f)
	if s.Viewer().Guest() {
		return nil
	}
	sessions := loader.Sessions.In(s)
	at := sessions.Ask(s.Viewer().UserID)
	return func() exec.Step {
		list, _, err := sessions.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		for _, p := range ids {
			if x := sessionIn(list, p.id); x != nil {
				f.SetItem(p.at, x)
			}
		}
		return nil
	}
}

func (ownSessions) resolve(ctx context.Context, id uuid.UUID) (nodeid.Node, error) {
	s := operation.Loaders(ctx)
	if s.Viewer().Guest() {
		return nil, nil //nolint:nilnil // null is the answer
	}
	list, _, err := loader.Sessions.In(s).Load(ctx, s.Viewer().UserID)
	if x := sessionIn(list, id); x != nil {
		return x, err
	}
	return nil, err
}

func sessionIn(list []*ent.Session, id uuid.UUID) *ent.Session {
	for _, x := range list {
		if x.ID == id {
			return x
		}
	}
	return nil
}

// auditEntries is the source of entries of the audit trail, for administrators.
type auditEntries struct{}

func (auditEntries) load(f *exec.Fetch, ids []place) exec.Step {
	s := setOf(f)
	if s.Viewer().Guest() {
		return nil
	}
	users := loader.Users.In(s)
	at := users.Ask(s.Viewer().UserID)
	return func() exec.Step {
		own, _, err := users.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		if !s.Rules().Administers(own) {
			return nil
		}
		children := exec.NewChildren(f, "AuditEntry", loader.AuditEntries.In(s))
		for _, p := range ids {
			children.SetItem(p.at, p.id)
		}
		children.Begin()
		return func() exec.Step {
			children.Fill()
			return nil
		}
	}
}

func (auditEntries) resolve(ctx context.Context, id uuid.UUID) (nodeid.Node, error) {
	s := operation.Loaders(ctx)
	if s.Viewer().Guest() {
		return nil, nil //nolint:nilnil // null is the answer
	}
	own, _, err := loader.Users.In(s).Load(ctx, s.Viewer().UserID)
	if err != nil || !s.Rules().Administers(own) {
		return nil, err
	}
	x, ok, err := loader.AuditEntries.In(s).Load(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	return x, nil
}

// own is a value that only the account itself sees.
func own[V any](ctx context.Context, user uuid.UUID, v V) *V {
	if !operation.Loaders(ctx).Rules().Is(user) {
		return nil
	}
	return &v
}
