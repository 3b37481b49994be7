// Package schema describes the tables. Everything else below ent is generated from it.
//
// Identifiers that clients see are UUIDv7: unguessable, so a link to an unlisted document cannot be counted out, and
// ordered by time, so they append to their index. Rows that no client names have plain integers.
package schema

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// Now is the current moment in UTC at the precision that every supported database keeps.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// NewID makes a UUIDv7. It panics where the system has no randomness, as nothing could go on safely then.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// identified gives an entity an identifier that clients see, and its moment of creation.
type identified struct{ mixin.Schema }

func (identified) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Default(NewID).Immutable(),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// updated gives an entity the moment of its last change.
type updated struct{ mixin.Schema }

func (updated) Fields() []ent.Field {
	return []ent.Field{field.Time("updated_at").Default(Now).UpdateDefault(Now)}
}
