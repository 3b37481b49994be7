package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Outbox holds the tags of a committed write until their stamps are replaced in Redis.
type Outbox struct{ ent.Schema }

// Annotations of the Outbox.
func (Outbox) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("outbox")}
}

// Fields of the Outbox.
func (Outbox) Fields() []ent.Field {
	return []ent.Field{
		field.Strings("tags").Immutable(),
		field.Time("created_at").Default(Now).Immutable(),
	}
}
