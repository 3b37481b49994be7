package kinds

import (
	"fmt"

	"github.com/google/uuid"

	"docsquare/ent/document"
	"docsquare/internal/cache"
)

// RevisionKey identifies one revision of a document.
type RevisionKey struct {
	Document uuid.UUID
	Number   int
}

func (k RevisionKey) key() string { return fmt.Sprintf("%s.%d", k.Document, k.Number) }

func (k RevisionKey) tag() cache.Tag { return DocumentTag(k.Document) }

// RenderingKey identifies the rendering of a revision. The format is part of the key because it can change without a new revision.
type RenderingKey struct {
	Text   RevisionKey
	Format document.Format
}

func (k RenderingKey) key() string { return k.Text.key() + "." + string(k.Format) }

func (k RenderingKey) tag() cache.Tag { return k.Text.tag() }

// DiffKey identifies two revisions of a document that are compared.
type DiffKey struct {
	Document uuid.UUID
	From, To int
}

func (k DiffKey) key() string { return fmt.Sprintf("%s.%d.%d", k.Document, k.From, k.To) }

func (k DiffKey) tag() cache.Tag { return DocumentTag(k.Document) }

// PreviewKey identifies the rendering of the text of an editor session. Names of files in it are those of the document.
type PreviewKey struct{ Session, Document uuid.UUID } // Document is uuid.Nil for a new one

func (k PreviewKey) key() string { return k.Session.String() + "." + k.Document.String() }

func (k PreviewKey) tags() []cache.Tag {
	tags := []cache.Tag{EditorSessionTag(k.Session)}
	if k.Document != uuid.Nil {
		tags = append(tags, DocumentTag(k.Document))
	}
	return tags
}
