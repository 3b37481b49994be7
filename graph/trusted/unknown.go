package trusted

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/text/plaintext"
)

const (
	maxUnknown = 1000 // documents that are logged
	maxFields  = 10   // of each
)

// unknown logs documents that ran without being trusted, each once.
type unknown struct {
	log *slog.Logger

	mu   sync.Mutex
	seen map[string]struct{} // by the SHA-256 of the text
}

// note logs a document that has not been seen before. Its text stays out of the log, for it may hold what a client has
// written into it, a password too: its hash, its operation and its fields tell its developer which it is.
func (u *unknown) note(ctx context.Context, op *graphql.OperationContext) {
	hash, last := u.first(op.RawQuery)
	if hash == "" {
		return
	}
	u.log.InfoContext(ctx, "untrusted document executed", "hash", hash,
		"operation", plaintext.Clip(op.Operation.Name, maxName), "fields", fieldsOf(op.Operation), "client", clientOf(op.Headers))
	if last {
		u.log.WarnContext(ctx, "further untrusted documents not logged until the next start", "logged", maxUnknown)
	}
}

// first is the hash of a text that is to be logged, empty where it is not, and whether it is the last one.
func (u *unknown) first(text string) (hash string, last bool) {
	u.mu.Lock()
	full := len(u.seen) >= maxUnknown
	u.mu.Unlock()
	if full {
		return "", false
	}
	hash = hashOf(text)
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, again := u.seen[hash]; again || len(u.seen) >= maxUnknown {
		return "", false
	}
	if u.seen == nil {
		u.seen = map[string]struct{}{}
	}
	u.seen[hash] = struct{}{}
	return hash, len(u.seen) == maxUnknown
}

// fieldsOf is the first fields of an operation. The schema bounds their names.
func fieldsOf(operation *ast.OperationDefinition) []string {
	var names []string
	for _, selection := range operation.SelectionSet {
		if f, ok := selection.(*ast.Field); ok && len(names) < maxFields {
			names = append(names, f.Name)
		}
	}
	return names
}

// clientOf is the name that a client gives itself, by the headers of Apollo's clients and of Hive's; empty where it gives
// none.
func clientOf(headers http.Header) string {
	for _, header := range [...]string{"Apollographql-Client-Name", "Graphql-Client-Name", "X-Graphql-Client-Name"} {
		if name := headers.Get(header); name != "" {
			return plaintext.Clip(name, maxName)
		}
	}
	return ""
}
