// Package trusted owns the trusted documents: those that are known at the start, from manifests that the builds of clients
// write, and may be named instead of sent. It reads how a request names a document, by the appendix on persisted documents
// of GraphQL over HTTP, as Relay's clients do, and as Apollo's do, and decides which documents may run. What is learned from
// clients while it runs (automatic persisted queries) is not its business.
package trusted

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Documents are trusted documents. The zero value is none. They never change after Load, but for the counts of their use,
// and are safe for concurrent use.
type Documents struct {
	byID   map[string]*document // by each id of a manifest, and by the SHA-256 of the text, both in canonical form
	byText map[string]*document
	all    []*document // in the order of the manifests
}

// document is one text, however many ids it has.
type document struct {
	id        string // the first of its ids
	file      string // the manifest of that id
	operation string
	text      string
	parsed    *ast.QueryDocument
	fields    []coordinate // that it selects
	uses      atomic.Uint64
}

// ID implements request.Trusted.
func (d *document) ID() string { return d.id }

// Use implements request.Trusted.
func (d *document) Use() { d.uses.Add(1) }

// Len is how many different documents there are.
func (d *Documents) Len() int { return len(d.all) }

// Compile calls f with each parsed document. It returns the first error, with the id of the document.
func (d *Documents) Compile(f func(*ast.QueryDocument) error) error {
	for _, known := range d.all {
		if err := f(known.parsed); err != nil {
			return fmt.Errorf("trusted document %s of %s: %w", known.id, known.file, err)
		}
	}
	return nil
}

// Text returns the text of the document with an id of its manifest, or with the SHA-256 of its text in lower case hexadecimal
// digits, with or without "sha256:" before it; false if there is none.
func (d *Documents) Text(id string) (string, bool) {
	known, ok := d.byID[canonical(id)]
	if !ok {
		return "", false
	}
	return known.text, true
}

// Cache serves trusted texts from the documents, parsed and validated at the start, and never evicts one; everything else
// it leaves to the inner cache. Give it to the handler as its query cache: then no trusted document is parsed again, and
// the handler's token limit does not apply to it. What it serves is shared and must not be changed.
func (d *Documents) Cache(inner graphql.Cache[*ast.QueryDocument]) graphql.Cache[*ast.QueryDocument] {
	return cache{d, inner}
}

type cache struct {
	documents *Documents
	inner     graphql.Cache[*ast.QueryDocument]
}

func (c cache) Get(ctx context.Context, text string) (*ast.QueryDocument, bool) {
	if known, ok := c.documents.byText[text]; ok {
		return known.parsed, true
	}
	return c.inner.Get(ctx, text)
}

func (c cache) Add(ctx context.Context, text string, parsed *ast.QueryDocument) {
	if _, known := c.documents.byText[text]; !known {
		c.inner.Add(ctx, text, parsed)
	}
}

// Use is how often a document was asked for.
type Use struct {
	ID        string // the first id of its manifest, at most 256 visible ASCII characters
	Operation string // the names of its operations, separated by commas, at most 100 bytes; empty where none has a name
	Count     uint64 // requests since the start that named the document or sent its text, also those refused afterwards
}

// Each calls f with the use of every document.
func (d *Documents) Each(f func(id, operation string, count uint64)) {
	for _, u := range d.Usage() {
		f(u.ID, u.Operation, u.Count)
	}
}

// Usage is the use of every document, in the order of the manifests: Len of them, also of count 0.
func (d *Documents) Usage() []Use {
	usage := make([]Use, 0, len(d.all))
	for _, known := range d.all {
		usage = append(usage, Use{known.id, known.operation, known.uses.Load()})
	}
	return usage
}

// find is the document that a name means, or, where there is no name, a text; nil where it is not trusted.
func (d *Documents) find(name, text string) *document {
	if name != "" {
		return d.byID[name]
	}
	return d.byText[text]
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// maxName bounds the names from clients and files in log lines, metrics and errors, in bytes.
const maxName = 100
