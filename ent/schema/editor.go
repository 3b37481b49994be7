package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// EditorSession is a text that an account is writing: for a new document, or for the next revision of one. The text is
// in the row itself, so that no reader gets a text with the number of another.
type EditorSession struct{ ent.Schema }

// Mixin of the EditorSession.
func (EditorSession) Mixin() []ent.Mixin { return []ent.Mixin{identified{}} }

// Fields of the EditorSession.
func (EditorSession) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.UUID("document_id", uuid.UUID{}).Optional().Nillable().Comment("Null for a new document, and once the document is deleted."),
		field.Int("document_revision").Optional().Nillable().Comment("That the text was begun on."),
		field.String("title").Default("").MaxLen(800),
		field.Text("content").Default(""),
		field.Enum("format").NamedValues("MD", "MD", "TXT", "TXT").Default("MD"),
		field.Int("revision").Default(1).Positive().Comment("Of the text: one more with each autosave that changed it."),
		field.Enum("status").NamedValues("Open", "OPEN", "Paused", "DRAFT", "Committed", "COMMITTED", "Discarded", "DISCARDED").Default("OPEN"),
		field.Time("saved_at").Default(Now),
	}
}

// Edges of the EditorSession.
func (EditorSession) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("editor_sessions").Field("user_id").Unique().Required().Immutable(),
		edge.From("document", Document.Type).Ref("editor_sessions").Field("document_id").Unique(),
	}
}

// Indexes of the EditorSession.
func (EditorSession) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "created_at", "id"),
		index.Fields("document_id"),
		index.Fields("status", "saved_at"),
	}
}
