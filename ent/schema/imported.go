package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// ImportedFile remembers a file that was imported, also after its document has been deleted, so that the next import does not
// bring back what an account has edited, unpublished or deleted meanwhile.
type ImportedFile struct{ ent.Schema }

// Fields of the ImportedFile.
func (ImportedFile) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").NotEmpty().MaxLen(1024).Immutable().Comment("the path of the file within the folder that was imported, in NFC"),
		field.UUID("document_id", uuid.UUID{}).Comment("what was made of it; the document may be deleted"),
		field.String("sha256").MaxLen(64).Comment("of the content of the file"),
		field.String("links").Default("").MaxLen(64).Comment("SHA-256 of what the links of the file lead to; empty if they lead to nothing that was imported"),
		field.Time("imported_at").Default(Now).UpdateDefault(Now).Comment("when the document was last made of the file"),
	}
}
