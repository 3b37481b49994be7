// Package graph is the GraphQL side of the server: it translates words of the schema into calls of services and back. It
// decides nothing, and it reads no database and no cache itself.
package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/document"
	"docsquare/internal/editor"
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

// onDocument does something to a document and returns its identifier.
func onDocument(ctx context.Context, id nodeid.ID, act func(ctx context.Context, v viewer.Viewer, document uuid.UUID) error) (uuid.UUID, error) {
	document, err := id.Of(nodeid.Document, "documentId")
	if err != nil {
		return uuid.Nil, err
	}
	return document, act(ctx, viewer.From(ctx), document)
}

// recordView counts a view of a document that the viewer sees.
func (r *Resolver) recordView(ctx context.Context, v viewer.Viewer, document uuid.UUID) error {
	err := sees(ctx, document)
	if err == nil {
		r.interactions.RecordView(v, document)
	}
	return err
}
