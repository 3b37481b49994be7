package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// SearchEntry is the place of a public document in the full-text index. Its words stand under the same identifier in
// search_words, a table of each engine's own kind: see the migrations and internal/search.
type SearchEntry struct{ ent.Schema }

// Fields of the SearchEntry.
func (SearchEntry) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Unique().Immutable(),
		field.Bytes("terms").Immutable().Comment("What the ranking counts."),
	}
}

// Edges of the SearchEntry.
func (SearchEntry) Edges() []ent.Edge {
	return []ent.Edge{edge.From("document", Document.Type).Ref("search_entry").Field("document_id").Unique().Required().Immutable()}
}

// Counter counts something of the whole site. It is the sum of its shards.
type Counter struct{ ent.Schema }

// Fields of the Counter.
func (Counter) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").NotEmpty().MaxLen(64).Immutable(),
		field.Int("shard").NonNegative().Immutable(),
		field.Int64("value").Default(0),
	}
}

// Indexes of the Counter.
func (Counter) Indexes() []ent.Index { return []ent.Index{index.Fields("name", "shard").Unique()} }

// Derivation remembers how something that is made from other rows was made last.
type Derivation struct{ ent.Schema }

// Fields of the Derivation.
func (Derivation) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").NotEmpty().MaxLen(64).Immutable().Comment("What was made."),
		field.Int("version").Comment("Of how it is made."),
	}
}
