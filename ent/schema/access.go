package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// Identity links an account to a subject of an outside issuer of tokens.
type Identity struct{ ent.Schema }

// Fields of the Identity.
func (Identity) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.String("issuer").MaxLen(512).Immutable(),
		field.String("subject").MaxLen(255).Immutable(),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// Edges of the Identity.
func (Identity) Edges() []ent.Edge {
	return []ent.Edge{edge.From("user", User.Type).Ref("identities").Field("user_id").Unique().Required().Immutable()}
}

// Indexes of the Identity: a subject is one account's.
func (Identity) Indexes() []ent.Index {
	return []ent.Index{index.Fields("issuer", "subject").Unique(), index.Fields("user_id")}
}

// AuditEntry is one event of the audit trail. It stays when the account that it names is gone, and is never changed.
type AuditEntry struct{ ent.Schema }

// Mixin of the AuditEntry.
func (AuditEntry) Mixin() []ent.Mixin { return []ent.Mixin{identified{}} }

// Fields of the AuditEntry.
func (AuditEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("action").NamedValues(
			"SignedIn", "SIGNED_IN", "SignInFailed", "SIGN_IN_FAILED", "PasswordChanged", "PASSWORD_CHANGED", "SessionRevoked", "SESSION_REVOKED",
			"RoleChanged", "ROLE_CHANGED", "AccountDeleted", "ACCOUNT_DELETED", "DocumentDeleted", "DOCUMENT_DELETED",
			"CommentDeleted", "COMMENT_DELETED", "FileDeleted", "FILE_DELETED", "CacheInvalidated", "CACHE_INVALIDATED", "CacheWarmed", "CACHE_WARMED",
		).Immutable(),
		field.UUID("actor_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("Who did it; null for a guest. No foreign key: the entry outlives the account."),
		field.String("subject").Default("").MaxLen(512).Immutable().Comment("What it was done to: a global identifier, or the name that was given."),
		field.String("detail").Default("").MaxLen(1024).Immutable(),
		field.String("address").Default("").MaxLen(64).Immutable().Comment("Of the client."),
		field.String("user_agent").Default("").MaxLen(512).Immutable(),
	}
}

// Indexes of the AuditEntry.
func (AuditEntry) Indexes() []ent.Index {
	return []ent.Index{index.Fields("created_at", "id"), index.Fields("actor_id", "created_at", "id"), index.Fields("action", "created_at", "id")}
}
