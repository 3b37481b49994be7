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

// Document is a document without its text, which stands in its current Revision: a list of twenty documents moves
// twenty small rows.
type Document struct{ ent.Schema }

// Mixin of the Document.
func (Document) Mixin() []ent.Mixin { return []ent.Mixin{identified{}, updated{}} }

// Fields of the Document.
func (Document) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("author_id", uuid.UUID{}).Immutable(),
		field.String("title").MaxLen(800),
		field.String("summary").Default("").MaxLen(4000),
		field.Enum("format").NamedValues("MD", "MD", "TXT", "TXT", "PDF", "PDF", "DOCX", "DOCX").Default("MD"),
		field.Enum("visibility").NamedValues("Public", "PUBLIC", "Unlisted", "UNLISTED", "Private", "PRIVATE").Default("PRIVATE"),
		field.String("category").Optional().Nillable().MaxLen(256),
		field.Strings("tags").Default([]string{}).Comment("In the author's order; document_tags has those of public documents for look-ups."),
		field.Int("revision").Default(1).Positive().Comment("The number of the current Revision."),
		field.Time("published_at").Optional().Nillable().Comment("When it was first public. It stays when the document is taken out of the square."),
		field.UUID("file_id", uuid.UUID{}).Optional().Nillable().Immutable().Comment("The file that it was made of."),
		field.UUID("cover_id", uuid.UUID{}).Optional().Nillable().Comment("A picture of the author's. No foreign key: the file may be deleted."),
		field.JSON("attachment_ids", []uuid.UUID{}).Optional().Comment("Files of the author's, in the author's order. They may be deleted."),
		field.String("source").Optional().Nillable().Unique().Immutable().MaxLen(1024).Comment("Where an import found it, for importing twice."),
	}
}

// Edges of the Document.
func (Document) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("author", User.Type).Ref("documents").Field("author_id").Unique().Required().Immutable(),
		edge.From("file", File.Type).Ref("documents").Field("file_id").Unique().Immutable(),
		edge.To("editor_sessions", EditorSession.Type).Annotations(entsql.OnDelete(entsql.SetNull)),
		edge.To("revisions", Revision.Type).Annotations(cascade()),
		edge.To("stats", DocumentStats.Type).Unique().Annotations(cascade()),
		edge.To("document_tags", DocumentTag.Type).Annotations(cascade()),
		edge.To("comments", Comment.Type).Annotations(cascade()),
		edge.To("deleted_comments", DeletedComment.Type).Annotations(cascade()),
		edge.To("likes", Like.Type).Annotations(cascade()),
		edge.To("favorites", Favorite.Type).Annotations(cascade()),
		edge.To("view_days", ViewDay.Type).Annotations(cascade()),
		edge.To("search_entry", SearchEntry.Type).Unique().Annotations(cascade()),
		edge.To("document_files", DocumentFile.Type).Annotations(cascade()),
	}
}

// Indexes of the Document: one for each order and filter of the tech square, and for an author's lists.
func (Document) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("visibility", "published_at", "id"),
		index.Fields("visibility", "created_at", "id"),
		index.Fields("visibility", "updated_at", "id"),
		index.Fields("visibility", "format", "published_at", "id"),
		index.Fields("visibility", "format", "created_at", "id"),
		index.Fields("visibility", "format", "updated_at", "id"),
		index.Fields("visibility", "category", "published_at", "id"),
		index.Fields("visibility", "category", "created_at", "id"),
		index.Fields("visibility", "category", "updated_at", "id"),
		index.Fields("author_id", "visibility", "published_at", "id"),
		index.Fields("author_id", "visibility", "created_at", "id"),
		index.Fields("author_id", "visibility", "updated_at", "id"),
		index.Fields("author_id", "created_at", "id"),
		index.Fields("file_id"),
	}
}

// Revision is one state of a document, never changed once written.
type Revision struct{ ent.Schema }

// Mixin of the Revision.
func (Revision) Mixin() []ent.Mixin { return []ent.Mixin{identified{}} }

// Fields of the Revision.
func (Revision) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.Int("number").Positive().Immutable(),
		field.String("title").MaxLen(800).Immutable(),
		field.String("summary").Default("").MaxLen(4000).Immutable(),
		field.Text("body").Immutable(),
	}
}

// Edges of the Revision.
func (Revision) Edges() []ent.Edge {
	return []ent.Edge{edge.From("document", Document.Type).Ref("revisions").Field("document_id").Unique().Required().Immutable()}
}

// Indexes of the Revision.
func (Revision) Indexes() []ent.Index {
	return []ent.Index{index.Fields("document_id", "number").Unique()}
}

// DocumentStats counts how a document was received. Each counter changes in the transaction of the fact that it counts.
type DocumentStats struct{ ent.Schema }

// Annotations of the DocumentStats.
func (DocumentStats) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("document_stats")}
}

// Fields of the DocumentStats.
func (DocumentStats) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Unique().Immutable(),
		field.Int64("views").Default(0),
		field.Int("likes").Default(0),
		field.Int("favorites").Default(0),
		field.Int("comments").Default(0).Comment("With the replies."),
		field.Int("top_comments").Default(0).Comment("Without the replies."),
		field.Int("popularity").Default(0).Comment("Likes, favorites and comments together."),
		field.Bool("listed").Default(false).Comment("Whether the document is public: here, as the next two, so that one index serves an order."),
		field.String("format").Default("MD").MaxLen(8).Comment("Of a listed document."),
		field.String("category").Optional().Nillable().MaxLen(256).Comment("Of a listed document."),
		field.Float("hot_day").Default(0).Comment("See rank.Heat, as the next two."),
		field.Float("hot_week").Default(0),
		field.Float("hot_month").Default(0),
	}
}

// Edges of the DocumentStats.
func (DocumentStats) Edges() []ent.Edge {
	return []ent.Edge{edge.From("document", Document.Type).Ref("stats").Field("document_id").Unique().Required().Immutable()}
}

// Indexes of the DocumentStats.
func (DocumentStats) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("listed", "popularity", "document_id"),
		index.Fields("listed", "format", "popularity", "document_id"),
		index.Fields("listed", "category", "popularity", "document_id"),
		index.Fields("listed", "hot_day", "document_id"),
		index.Fields("listed", "hot_week", "document_id"),
		index.Fields("listed", "hot_month", "document_id"),
	}
}

// Category is a category that some document has had, with the number of public documents in it.
type Category struct{ ent.Schema }

// Fields of the Category.
func (Category) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().Immutable().MaxLen(256),
		field.String("folded").Default("").MaxLen(256).Comment(foldedComment),
		field.Int("documents").Default(0).Comment("Public documents only."),
	}
}

// Indexes of the Category.
func (Category) Indexes() []ent.Index { return []ent.Index{foldedIndex()} }

const foldedComment = "The name in lower case, for finding it by its beginning."

// foldedIndex orders by bytes on every database, whatever its language.
func foldedIndex() *index.Builder {
	return byBeginning("folded")
}

// byBeginning returns an index that finds names by their beginning.
func byBeginning(column string) *index.Builder {
	return index.Fields(column).Annotations(entsql.OpClass("text_pattern_ops"))
}

// Tag is a tag that some document has had, with the number of public documents that carry it. There is one for all its spellings.
type Tag struct{ ent.Schema }

// Fields of the Tag.
func (Tag) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique().MaxLen(128).Comment("As the first of the public documents spells it that carry it now."),
		field.String("folded").Default("").MaxLen(2048).Comment("What its spellings have in common, see plaintext.TagKey; also for finding it by its beginning."),
		field.Int("documents").Default(0).Comment("Public documents only."),
	}
}

// Indexes of the Tag.
func (Tag) Indexes() []ent.Index {
	return []ent.Index{foldedIndex().Unique(), index.Fields("documents", "name").Annotations(entsql.DescColumns("documents"))}
}

// Edges of the Tag.
func (Tag) Edges() []ent.Edge {
	return []ent.Edge{edge.To("document_tags", DocumentTag.Type).Annotations(cascade())}
}

// DocumentTag records that a public document carries a tag.
type DocumentTag struct{ ent.Schema }

// Fields of the DocumentTag.
func (DocumentTag) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.Int("tag_id").Immutable(),
		field.Time("created_at").Default(Now).Immutable().Comment("When the document was created: here, as the next one, so that one index serves the order."),
		field.Time("published_at").Default(Now).Immutable().Comment("When the document was first public."),
	}
}

// Edges of the DocumentTag.
func (DocumentTag) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("document", Document.Type).Ref("document_tags").Field("document_id").Unique().Required().Immutable(),
		edge.From("tag", Tag.Type).Ref("document_tags").Field("tag_id").Unique().Required().Immutable(),
	}
}

// Indexes of the DocumentTag.
func (DocumentTag) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("tag_id", "document_id").Unique(),
		index.Fields("tag_id", "published_at", "document_id"),
		index.Fields("tag_id", "created_at", "document_id"),
		index.Fields("document_id"),
	}
}

// DocumentFile records that a document which is not private shows a file of its author's: everybody who sees the document sees the file.
// The rows are derived from the current text of the document and from its other files: see internal/fileuse.
type DocumentFile struct{ ent.Schema }

// Fields of the DocumentFile.
func (DocumentFile) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("document_id", uuid.UUID{}).Immutable(),
		field.UUID("file_id", uuid.UUID{}).Immutable(),
	}
}

// Edges of the DocumentFile.
func (DocumentFile) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("document", Document.Type).Ref("document_files").Field("document_id").Unique().Required().Immutable(),
		edge.From("file", File.Type).Ref("document_files").Field("file_id").Unique().Required().Immutable(),
	}
}

// Indexes of the DocumentFile.
func (DocumentFile) Indexes() []ent.Index {
	return []ent.Index{index.Fields("document_id", "file_id").Unique(), index.Fields("file_id", "document_id")}
}
