package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/internal/audit"
	"docsquare/internal/nodeid"
	"docsquare/internal/viewer"
)

// auditFilter is the filter that a client asks for.
func auditFilter(f *model.AuditFilter) (filter audit.Filter, err error) {
	if f == nil {
		return filter, nil
	}
	if f.Action != nil {
		filter.Action = *f.Action
	}
	if f.ActorID != nil {
		filter.Actor, err = f.ActorID.Of(nodeid.User, "actorId")
	}
	return filter, err
}

// auditConnection is a page of the audit trail, for one who may read it.
func auditConnection(ctx context.Context, s *audit.Service, filter audit.Filter, args pageArgs) (*model.AuditConnection, error) {
	asked, err := args.in(audit.Order)
	if err != nil {
		return nil, err
	}
	p, err := s.Page(ctx, filter, asked)
	if err != nil {
		return nil, err
	}
	total, err := counted(ctx, func() (int, error) { return s.Total(ctx, filter) })
	if err != nil {
		return nil, err
	}
	set := loader.From(ctx)
	c, err := connect(ctx, p, audit.Order, set.AuditEntries)
	if err != nil {
		return nil, err
	}
	_, err = set.Users.LoadAll(ctx, actors(c.nodes))
	return &model.AuditConnection{
		Edges: edges(c, func(cursor string, e *ent.AuditEntry) *model.AuditEdge {
			return &model.AuditEdge{Cursor: cursor, Node: e}
		}),
		Nodes: c.nodes, PageInfo: c.info, TotalCount: total,
	}, err
}

// actors is who has done what the entries tell of.
func actors(entries []*ent.AuditEntry) (ids []uuid.UUID) {
	for _, e := range entries {
		if e != nil && e.ActorID != nil {
			ids = append(ids, *e.ActorID)
		}
	}
	return ids
}

// administers says whether the viewer is an administrator.
func administers(ctx context.Context, set *loader.Set) (bool, error) {
	v := viewer.From(ctx)
	if v.Guest() {
		return false, nil
	}
	own, _, err := set.Users.Load(ctx, v.UserID)
	return v.Administers(own), err
}
