package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// cascade deletes the rows of an edge together with what they belong to.
func cascade() schema.Annotation { return entsql.OnDelete(entsql.Cascade) }

// User is an account. Nothing secret stands here: the whole row is cached.
type User struct{ ent.Schema }

// Mixin of the User.
func (User) Mixin() []ent.Mixin { return []ent.Mixin{identified{}, updated{}} }

// Fields of the User.
func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("username").Unique().MaxLen(32).Comment("Lower case."),
		field.String("email").Unique().MaxLen(254).Comment("Lower case. Shown to the account alone."),
		field.String("display_name").MaxLen(256),
		field.String("folded").Default("").MaxLen(256).Comment("The display name in lower case, for finding it by its beginning."),
		field.String("bio").Default("").MaxLen(8000),
		field.Enum("role").NamedValues("User", "USER", "Admin", "ADMIN").Default("USER"),
		field.UUID("avatar_id", uuid.UUID{}).Optional().Nillable().Comment("A picture of the account's. No foreign key: the file may be deleted."),
	}
}

// Indexes of the User: accounts are found by the beginning of their names.
func (User) Indexes() []ent.Index {
	return []ent.Index{byBeginning("username"), foldedIndex()}
}

// Edges of the User.
func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("documents", Document.Type).Annotations(cascade()),
		edge.To("comments", Comment.Type).Annotations(cascade()),
		edge.To("likes", Like.Type).Annotations(cascade()),
		edge.To("favorites", Favorite.Type).Annotations(cascade()),
		edge.To("comment_likes", CommentLike.Type).Annotations(cascade()),
		edge.To("sessions", Session.Type).Annotations(cascade()),
		edge.To("files", File.Type).Annotations(cascade()),
		edge.To("editor_sessions", EditorSession.Type).Annotations(cascade()),
		edge.To("identities", Identity.Type).Annotations(cascade()),
		edge.To("credential", Credential.Type).Unique().Annotations(cascade()),
		edge.To("stats", UserStats.Type).Unique().Annotations(cascade()),
		edge.To("text_usage", TextUsage.Type).Unique().Annotations(cascade()),
		edge.To("idempotency_keys", IdempotencyKey.Type).Annotations(cascade()),
	}
}

// Credential is the secret that an account signs in with. It is no kind of the cache.
type Credential struct{ ent.Schema }

// Fields of the Credential.
func (Credential) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Unique().Immutable(),
		field.String("password_hash").Sensitive().Comment("argon2id in its PHC form."),
	}
}

// Edges of the Credential.
func (Credential) Edges() []ent.Edge {
	return []ent.Edge{edge.From("user", User.Type).Ref("credential").Field("user_id").Unique().Required().Immutable()}
}

// Session is one signed-in client.
type Session struct{ ent.Schema }

// Mixin of the Session.
func (Session) Mixin() []ent.Mixin { return []ent.Mixin{identified{}} }

// Fields of the Session.
func (Session) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.Time("last_used_at").Default(Now),
		field.Time("expires_at"),
		field.String("user_agent").Default("").MaxLen(512).Immutable(),
	}
}

// Edges of the Session.
func (Session) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("sessions").Field("user_id").Unique().Required().Immutable(),
		edge.To("secret", SessionSecret.Type).Unique().Annotations(cascade()),
	}
}

// Indexes of the Session.
func (Session) Indexes() []ent.Index {
	return []ent.Index{index.Fields("user_id", "created_at", "id"), index.Fields("expires_at")}
}

// SessionSecret is the hash of a session's token. It is no kind of the cache.
type SessionSecret struct{ ent.Schema }

// Fields of the SessionSecret.
func (SessionSecret) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("session_id", uuid.UUID{}).Unique().Immutable(),
		field.Bytes("token_hash").Unique().Sensitive().MaxLen(32).Immutable().Comment("SHA-256 of the token."),
	}
}

// Edges of the SessionSecret.
func (SessionSecret) Edges() []ent.Edge {
	return []ent.Edge{edge.From("session", Session.Type).Ref("secret").Field("session_id").Unique().Required().Immutable()}
}

// UserStats counts what an account has done. Each counter changes in the transaction of the fact that it counts.
type UserStats struct{ ent.Schema }

// Annotations of the UserStats.
func (UserStats) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("user_stats")}
}

// Fields of the UserStats.
func (UserStats) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Unique().Immutable(),
		field.Int("documents").Default(0).Comment("Public documents only."),
		field.Int("comments").Default(0),
		field.Int("likes").Default(0),
		field.Int("favorites").Default(0),
	}
}

// Edges of the UserStats.
func (UserStats) Edges() []ent.Edge {
	return []ent.Edge{edge.From("user", User.Type).Ref("stats").Field("user_id").Unique().Required().Immutable()}
}

// TextUsage is how many bytes the texts of an account take: those of its revisions and of its editor sessions. It changes in the
// transaction that writes or deletes a text. It is no kind of the cache.
type TextUsage struct{ ent.Schema }

// Annotations of the TextUsage.
func (TextUsage) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("text_usage")}
}

// Fields of the TextUsage.
func (TextUsage) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Unique().Immutable(),
		field.Int64("bytes").Default(0),
	}
}

// Edges of the TextUsage.
func (TextUsage) Edges() []ent.Edge {
	return []ent.Edge{edge.From("user", User.Type).Ref("text_usage").Field("user_id").Unique().Required().Immutable()}
}
