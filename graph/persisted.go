package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
)

// persisted is automatic persisted queries: a client sends the SHA-256 of a text, and the text itself only where the server
// does not know it yet. What is valid and within the limits is kept in both tiers of the cache, for every instance.
type persisted struct{ cache *kinds.Cache }

// registering is the second half of persisted: add it after everything that may refuse an operation.
type registering struct{ cache *kinds.Cache }

var _ interface {
	graphql.OperationParameterMutator
	graphql.HandlerExtension
} = persisted{}

var _ interface {
	graphql.OperationContextMutator
	graphql.HandlerExtension
} = registering{}

const (
	persistedName    = "persistedQuery" // among the extensions of a request
	persistedVersion = "1"
)

// ExtensionName names the extension.
func (persisted) ExtensionName() string { return "AutomaticPersistedQueries" }

// ExtensionName names the extension.
func (registering) ExtensionName() string { return "RegisteredQueries" }

// Validate accepts every schema.
func (persisted) Validate(graphql.ExecutableSchema) error { return nil }

// Validate accepts every schema.
func (registering) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters finds the text of a hash that comes alone. A hash that comes with its text is noted, to be
// registered once that is known to be valid.
func (p persisted) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	extension, ok := params.Extensions[persistedName]
	if !ok || extension == nil {
		return nil
	}
	hash, ok := hashIn(extension)
	if !ok {
		return clientError(errs.BadUserInput, `extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"} with 64 hexadecimal digits`)
	}
	if params.Query == "" {
		return p.find(ctx, params, hash)
	}
	if sum := sha256.Sum256([]byte(params.Query)); hex.EncodeToString(sum[:]) != hash {
		return clientError(errs.BadUserInput, "extensions.persistedQuery.sha256Hash is not the SHA-256 of the query: hash exactly the text that is sent")
	}
	request.Of(ctx).Persisted = hash
	return nil
}

// MutateOperationContext registers what was sent with its hash, now that it is known to be valid.
func (r registering) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if hash := request.Of(ctx).Persisted; hash != "" {
		_ = r.register(ctx, hash, op.RawQuery) // the cache has logged it, and the client sends the text again
	}
	return nil
}

// hashIn reads a hash in the form that clients send.
func hashIn(extension any) (string, bool) {
	fields, _ := extension.(map[string]any)
	hash, _ := fields["sha256Hash"].(string)
	version, _ := json.Marshal(fields["version"]) // any value of a request can be written again
	hash = strings.ToLower(hash)
	raw, err := hex.DecodeString(hash)
	return hash, err == nil && len(raw) == sha256.Size && string(version) == persistedVersion
}

func (p persisted) find(ctx context.Context, params *graphql.RawParams, hash string) *gqlerror.Error {
	text, ok, err := p.cache.Persisted.One(ctx, hash, func(context.Context, []string) (map[string]string, error) {
		return nil, nil //nolint:nilnil // clients are the only source
	})
	if err != nil || !ok {
		return clientError(errs.PersistedQueryNotFound, "PersistedQueryNotFound") // the words that clients know
	}
	params.Query = text
	return nil
}

// register keeps a text. If the cache has a negative entry, a client has just asked for the text.
func (r registering) register(ctx context.Context, hash, text string) error {
	load := func(context.Context, []string) (map[string]string, error) { return map[string]string{hash: text}, nil }
	_, known, err := r.cache.Persisted.One(ctx, hash, load)
	if err != nil || known {
		return err
	}
	if err := r.cache.Replace(ctx, []cache.Tag{kinds.PersistedTag(hash)}); err != nil {
		return err
	}
	_, _, err = r.cache.Persisted.One(ctx, hash, load)
	return err
}

// clientError is an error in words that are meant for clients.
func clientError(code errs.Code, words string) *gqlerror.Error {
	e := gqlerror.Errorf("%s", words)
	e.Extensions = map[string]any{"code": code}
	return e
}
