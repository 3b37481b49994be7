package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// Comment is a comment on a document, or a reply to such a comment: two levels, no more.
type Comment struct{ ent.Schema }

// Mixin of the Comment.
func (Comment) Mixin() []ent.Mixin { return []ent.Mixin{identified{}, updated{}} }

// Fields of the Comment.
func (Comment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.UUID("author_id", uuid.UUID{}).Immutable(),
		field.UUID("parent_id", uuid.UUID{}).Optional().Nillable().Immutable(),
		field.String("body").MaxLen(20000),
		field.Int("likes").Default(0).Immutable().Comment("Counted by SQL, see counters.CountCommentLikes: an update by ent would set updated_at."),
	}
}

// Edges of the Comment.
func (Comment) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("comment_likes", CommentLike.Type).Annotations(cascade()),
		edge.From("document", Document.Type).Ref("comments").Field("document_id").Unique().Required().Immutable(),
		edge.From("author", User.Type).Ref("comments").Field("author_id").Unique().Required().Immutable(),
		edge.To("replies", Comment.Type).Annotations(cascade()).From("parent").Field("parent_id").Unique().Immutable(),
	}
}

// Indexes of the Comment. The last answers the rankings without the table.
func (Comment) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("document_id", "parent_id", "created_at", "id"),
		index.Fields("document_id", "parent_id", "likes", "id"),
		index.Fields("document_id", "created_at", "id"),
		index.Fields("document_id", "updated_at", "id"),
		index.Fields("parent_id", "created_at", "id"),
		index.Fields("author_id", "created_at"),
		index.Fields("created_at", "document_id"),
	}
}

// CommentLike records that an account likes a comment.
type CommentLike struct{ ent.Schema }

// Fields of the CommentLike.
func (CommentLike) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.UUID("comment_id", uuid.UUID{}).Immutable(),
		field.UUID("document_id", uuid.UUID{}).Immutable().Comment("The document of the comment."),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// Edges of the CommentLike.
func (CommentLike) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("comment_likes").Field("user_id").Unique().Required().Immutable(),
		edge.From("comment", Comment.Type).Ref("comment_likes").Field("comment_id").Unique().Required().Immutable(),
	}
}

// Indexes of the CommentLike.
func (CommentLike) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "comment_id").Unique(),
		index.Fields("user_id", "created_at", "comment_id"),
		index.Fields("comment_id"),
		index.Fields("document_id"),
	}
}

// DeletedComment records for subscriptions that a comment was deleted, for a day. Its number gives the order of the deletions on a document.
type DeletedComment struct{ ent.Schema }

// Fields of the DeletedComment.
func (DeletedComment) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("comment_id", uuid.UUID{}).Immutable().Comment("No foreign key: the comment is gone."),
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

// Edges of the DeletedComment.
func (DeletedComment) Edges() []ent.Edge {
	return []ent.Edge{edge.From("document", Document.Type).Ref("deleted_comments").Field("document_id").Unique().Required().Immutable()}
}

// Indexes of the DeletedComment.
func (DeletedComment) Indexes() []ent.Index {
	return []ent.Index{index.Fields("document_id", "id", "comment_id"), index.Fields("created_at")}
}

// Like records that an account likes a document.
type Like struct{ ent.Schema }

// Mixin of the Like.
func (Like) Mixin() []ent.Mixin { return []ent.Mixin{marked{}} }

// Edges of the Like.
func (Like) Edges() []ent.Edge { return marks("likes") }

// Indexes of the Like.
func (Like) Indexes() []ent.Index { return markIndexes() }

// Favorite records that an account has put a document among its favorites.
type Favorite struct{ ent.Schema }

// Mixin of the Favorite.
func (Favorite) Mixin() []ent.Mixin { return []ent.Mixin{marked{}} }

// Edges of the Favorite.
func (Favorite) Edges() []ent.Edge { return marks("favorites") }

// Indexes of the Favorite.
func (Favorite) Indexes() []ent.Index { return markIndexes() }

// marked gives the fields of an account's mark on a document.
type marked struct{ mixin.Schema }

func (marked) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.Time("created_at").Default(Now).Immutable(),
	}
}

func marks(ref string) []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref(ref).Field("user_id").Unique().Required().Immutable(),
		edge.From("document", Document.Type).Ref(ref).Field("document_id").Unique().Required().Immutable(),
	}
}

// markIndexes ends with the two that answer the rankings without the table: SQLite takes the first, PostgreSQL the second.
func markIndexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "document_id").Unique(),
		index.Fields("user_id", "created_at", "document_id"),
		index.Fields("document_id", "created_at"),
		index.Fields("created_at", "document_id"),
	}
}

// ViewDay counts the views of a document on one day.
type ViewDay struct{ ent.Schema }

// Fields of the ViewDay.
func (ViewDay) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.Int("day").Immutable().Comment("Days since 1970-01-01 in UTC."),
		field.Int64("views").Default(0),
	}
}

// Edges of the ViewDay.
func (ViewDay) Edges() []ent.Edge {
	return []ent.Edge{edge.From("document", Document.Type).Ref("view_days").Field("document_id").Unique().Required().Immutable()}
}

// Indexes of the ViewDay. None holds the views, for then each view would write to it.
func (ViewDay) Indexes() []ent.Index {
	return []ent.Index{index.Fields("document_id", "day").Unique(), index.Fields("day", "document_id")}
}
