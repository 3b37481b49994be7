package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// IdempotencyKey is a key that an account has sent with a mutation, so that the mutation is not performed twice if the client repeats
// it. It expires. It is no kind of the cache.
type IdempotencyKey struct{ ent.Schema }

// Fields of the IdempotencyKey.
func (IdempotencyKey) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.String("key").NotEmpty().MaxLen(512).Immutable().Comment("As the client has chosen it."),
		field.Bytes("input_hash").MaxLen(32).Immutable().Comment("SHA-256 of the mutation and its input."),
		field.UUID("result", uuid.UUID{}).Immutable().Comment("The object that was created; it may be deleted."),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// Edges of the IdempotencyKey.
func (IdempotencyKey) Edges() []ent.Edge {
	return []ent.Edge{edge.From("user", User.Type).Ref("idempotency_keys").Field("user_id").Unique().Required().Immutable()}
}

// Indexes of the IdempotencyKey.
func (IdempotencyKey) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "key").Unique(), index.Fields("created_at")}
}
