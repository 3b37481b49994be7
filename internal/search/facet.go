package search

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/text/plaintext"
)

// Filter selects public documents. Empty fields filter nothing.
type Filter struct {
	Format   document.Format
	Category string
	Tags     []string // all of them
	Author   uuid.UUID
}

func filterOf(d *ent.Document) Filter {
	f := Filter{Format: d.Format, Tags: d.Tags, Author: d.AuthorID}
	if d.Category != nil {
		f.Category = *d.Category
	}
	return f
}

// facets returns the tokens of a filter. They are in the index together with those of the text, so that the engine itself
// intersects the matches with the filter, however large either is.
func facets(f Filter) []string {
	var list []string
	if f.Format != "" {
		list = append(list, facet("f", string(f.Format)))
	}
	if f.Category != "" {
		list = append(list, facet("c", f.Category))
	}
	if f.Author != uuid.Nil {
		list = append(list, facet("a", f.Author.String()))
	}
	for _, t := range f.Tags {
		list = append(list, facet("t", plaintext.TagKey(t)))
	}
	return list
}

func facet(kind, name string) string {
	sum := sha256.Sum256([]byte(name))
	return kind + hex.EncodeToString(sum[:8])
}
