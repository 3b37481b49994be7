package trusted

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/errs"
)

// Gate puts the text of a document in the place of its name, and refuses what its mode does not let run. It is an
// extension of the handler, and is the same over every transport, as long as transports hand on the names that are
// sent next to the query, in the form that DocumentID reads. Add it before automatic persisted queries: a hash that is in no manifest is left
// to them, but in Enforce.
type Gate struct {
	mode      Mode
	documents *Documents
	unknown   unknown
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = (*Gate)(nil)

// NewGate is a gate for the documents. In Off they are not used, and may be nil.
func NewGate(mode Mode, documents *Documents, log *slog.Logger) *Gate {
	if mode == "" {
		mode = Off
	}
	if mode == Off || documents == nil {
		documents = &Documents{}
	}
	return &Gate{mode: mode, documents: documents, unknown: unknown{log: log}}
}

// ExtensionName names the extension.
func (*Gate) ExtensionName() string { return "TrustedDocuments" }

// Validate accepts every schema.
func (*Gate) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters finds the document of a request.
func (g *Gate) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if g.mode == Off && params.Query != "" {
		return nil
	}
	name, err := Name("", "", "", params.Extensions)
	if err != nil {
		return shown(errs.As(err))
	}
	d := g.documents.find(name, params.Query)
	if wrong := g.objection(d, name, params); wrong != nil {
		return shown(wrong)
	}
	if d != nil {
		d.Use()
		params.Query = d.text
		delete(params.Extensions, persistedQuery) // an id of a manifest need not be the hash that others would expect
		request.Of(ctx).Trusted = d
	}
	return nil
}

// MutateOperationContext looks at what is about to run, wherever its text came from.
func (g *Gate) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if request.Of(ctx).Trusted != nil {
		return nil
	}
	switch g.mode {
	case Log:
		g.unknown.note(ctx, op)
	case Enforce:
		return shown(untrusted())
	}
	return nil
}

// objection is why a request does not run, nil where it may: with the document that it asks for, or with none.
func (g *Gate) objection(d *document, name string, params *graphql.RawParams) *errs.Error {
	text := params.Query
	switch learned := g.mode != Enforce && params.Extensions[persistedQuery] != nil; {
	case d != nil && text != "" && text != d.text,
		d == nil && name != "" && text != "" && name != hashOf(text):
		return errs.New(errs.BadUserInput, "the request names the document %.*q, but the text that it sends is another's: send the name or the text", maxName, name)
	case d == nil && name != "" && text == "" && !learned:
		return g.notFound(name)
	case d == nil && g.mode == Enforce:
		return untrusted()
	}
	return nil
}

func (g *Gate) notFound(name string) *errs.Error {
	switch g.mode {
	case Off:
		return errs.New(errs.PersistedQueryNotFound, "this server knows no documents by their names: send the text as query")
	case Enforce:
		return errs.New(errs.PersistedQueryNotFound, "no trusted document is named %.*q, and no other runs here: give this server the manifest that was built with the client", maxName, name)
	}
	return errs.New(errs.PersistedQueryNotFound, "no trusted document is named %.*q: send the text as query, or give this server the manifest that was built with the client", maxName, name)
}

func untrusted() *errs.Error {
	return errs.New(errs.BadUserInput, "only trusted documents run here, and this text is not exactly one of them: name one by documentId, or give this server a manifest that has yours")
}

func shown(e *errs.Error) *gqlerror.Error {
	return &gqlerror.Error{Message: e.Message, Extensions: map[string]any{"code": e.Code}}
}
