package graph

import (
	"context"

	"docsquare/graph/model"
	"docsquare/graph/relay"
	"docsquare/internal/audit"
	"docsquare/internal/nodeid"
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
func auditConnection(ctx context.Context, s *audit.Service, filter audit.Filter, args map[string]any) (*relay.Connection, error) {
	asked, err := pageArgs(askedIn(ctx, args), audit.Order)
	if err != nil {
		return nil, err
	}
	c := &relay.Connection{Order: audit.Order}
	if c.Page, err = s.Page(ctx, filter, asked); err != nil || !selectsTotal(ctx) {
		return c, err
	}
	c.TotalCount, err = s.Total(ctx, filter)
	return c, err
}
