package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// HotSet remembers what was asked for most of one kind of entry, for the next run of a server to begin with.
type HotSet struct{ ent.Schema }

// Fields of the HotSet.
func (HotSet) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").NotEmpty().MaxLen(64).Immutable().Comment("the name of the kind"),
		field.JSON("keys", []uuid.UUID{}).Comment("the hottest first"),
		field.Time("saved_at").Default(Now).UpdateDefault(Now),
	}
}
