// Package graph is the GraphQL side of the server: it translates words of the schema into calls of services and back. It
// decides nothing, and it reads no database and no cache itself.
package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/errs"
	"docsquare/internal/interaction"
	"docsquare/internal/nodeid"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// Resolver is the services that a resolver may call: those that write. What is read comes through loaders.
type Resolver struct {
	accounts     *account.Service
	documents    *document.Service
	interactions *interaction.Service
	uploads      *upload.Service
	editor       *editor.Service
	audit        *audit.Service
	admin        *admin.Service

	sources loader.Sources // for what subscriptions read after each change
}

// NewResolver is the resolver over the services that loaders read from.
func NewResolver(s loader.Sources) *Resolver {
	return &Resolver{accounts: s.Accounts, documents: s.Documents, interactions: s.Interactions, uploads: s.Uploads, editor: s.Editor, audit: s.Audit, admin: s.Admin, sources: s}
}

// lookAhead is the look-ahead of the field that is being resolved, and the selections below it.
func lookAhead(ctx context.Context) (*ahead, graphql.CollectedField) {
	return &ahead{op: graphql.GetOperationContext(ctx), set: loader.From(ctx)}, graphql.GetFieldContext(ctx).Field
}

// fetch is the objects with the identifiers, with everything that the current field selects below them announced.
func fetch[V any](ctx context.Context, from func(*loader.Set) *loader.Loader[uuid.UUID, V], of func(viewer.Viewer) fields[V], ids ...uuid.UUID) (map[uuid.UUID]V, error) {
	a, f := lookAhead(ctx)
	types := of(viewer.From(ctx))
	l := from(a.set)
	prefetch(ctx, a, []demand{found(a, l, ids, types, under(a, types, f))})
	return l.LoadAll(ctx, ids)
}

// payload is the one object of a payload, which stands in the field of this name. It was just written, so it exists.
func payload[V any](ctx context.Context, name string, from func(*loader.Set) *loader.Loader[uuid.UUID, V], of func(viewer.Viewer) fields[V], id uuid.UUID) (V, error) {
	a, f := lookAhead(ctx)
	types := of(viewer.From(ctx))
	l := from(a.set)
	prefetch(ctx, a, []demand{found(a, l, []uuid.UUID{id}, types, inside(a, types, f, name))})
	v, ok, err := l.Load(ctx, id)
	if err == nil && !ok {
		err = errs.Missing(name)
	}
	return v, err
}

// documentOf is the document of a payload.
func documentOf(ctx context.Context, id uuid.UUID) (*ent.Document, error) {
	return payload(ctx, "document", documentsOf, aheadOfDocument, id)
}

// userOf is the account of a payload.
func userOf(ctx context.Context, id uuid.UUID) (*ent.User, error) {
	return payload(ctx, "user", usersOf, aheadOfUser, id)
}

// onDocument is the payload of an interaction with a document.
func onDocument(ctx context.Context, id nodeid.ID, act func(ctx context.Context, v viewer.Viewer, document uuid.UUID) error) (*ent.Document, error) {
	document, err := id.Of(nodeid.Document, "documentId")
	if err != nil {
		return nil, err
	}
	if err := act(ctx, viewer.From(ctx), document); err != nil {
		return nil, err
	}
	return documentOf(ctx, document)
}

// own is a value that only the account itself sees.
func own[V any](ctx context.Context, user uuid.UUID, v V) *V {
	if !viewer.From(ctx).Is(user) {
		return nil
	}
	return &v
}

// optional is the pointer to a loader's value, nil where there is none.
func optional[V any](v V, ok bool, err error) (*V, error) {
	if err != nil || !ok {
		return nil, err
	}
	return &v, nil
}

// nullable drops the flag of a loader's answer: what is missing is null.
func nullable[V any](v V, _ bool, err error) (V, error) { return v, err }
