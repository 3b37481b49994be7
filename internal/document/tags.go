package document

import (
	"context"
	"slices"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/counters"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// spelled returns the tags of a document: those of a public one as other public documents spell them.
func spelled(ctx context.Context, tx *store.Tx, d *ent.Document) ([]string, error) {
	if d.Visibility != document.VisibilityPublic {
		return d.Tags, nil
	}
	return counters.Spell(ctx, tx, d.Tags)
}

// sameTags reports whether both lists have the same tags, in whatever spelling.
func sameTags(a, b []string) bool {
	return slices.EqualFunc(a, b, func(a, b string) bool { return plaintext.TagKey(a) == plaintext.TagKey(b) })
}
