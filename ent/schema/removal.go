package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"
)

// Removal is an account or a document that is being removed. From the commit of this row on, no read finds the account, its
// documents and comments, or the document. Its rows are deleted in portions, this one with the last of them.
type Removal struct{ ent.Schema }

// Fields of the Removal.
func (Removal) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("subject", uuid.UUID{}).Unique().Immutable().Comment("The account or the document."),
		field.Enum("kind").NamedValues("Account", "ACCOUNT", "Document", "DOCUMENT").Immutable(),
		field.Bool("hidden").Default(false).Comment("Whether the entries of the cache are invalidated that were loaded before the removal began."),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// RefusedToken is a token of an outside issuer that is not accepted although it has not expired, or all tokens of a subject up to a
// moment. It stays when the account is gone.
type RefusedToken struct{ ent.Schema }

// Fields of the RefusedToken.
func (RefusedToken) Fields() []ent.Field {
	return []ent.Field{
		field.String("subject").MaxLen(64).Immutable().Comment("A hash of the issuer and its subject: see kinds.Subject."),
		field.Bytes("token").Optional().MaxLen(32).Immutable().Comment("SHA-256 of the signed part of the token; empty: issued_until counts."),
		field.Time("issued_until").Optional().Nillable().Immutable().Comment("Tokens that were issued up to this moment are refused, and those that do not say when."),
		field.Time("expires_at").Optional().Nillable().Immutable().Comment("When the token expires; null: the row stays."),
	}
}

// Indexes of the RefusedToken.
func (RefusedToken) Indexes() []ent.Index {
	return []ent.Index{index.Fields("subject", "token").Unique(), index.Fields("expires_at")}
}
