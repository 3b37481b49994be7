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

// File is a file that an account has sent, or is sending. Its bytes stand in the bucket: in parts while they arrive, and
// then in a Blob.
type File struct{ ent.Schema }

// Mixin of the File.
func (File) Mixin() []ent.Mixin { return []ent.Mixin{identified{}, updated{}} }

// Fields of the File.
func (File) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("user_id", uuid.UUID{}).Immutable(),
		field.String("name").MaxLen(1020).Immutable(),
		field.Int64("size").NonNegative().Immutable().Comment("In bytes, when it is complete."),
		field.Int64("received").Default(0).NonNegative().Comment("Bytes that have arrived and are kept."),
		field.String("content_type").MaxLen(128).Comment("As its sender says; once it is stored, as its content says."),
		field.String("sha256").Optional().Nillable().MaxLen(64).Comment("As its sender says; once it is stored, of its content. In hexadecimal."),
		field.Enum("status").NamedValues("Uploading", "UPLOADING", "Stored", "STORED", "Failed", "FAILED").Default("UPLOADING"),
		field.String("failure").Optional().Nillable().MaxLen(1024).Comment("Why it failed, for its owner."),
		field.Int("blob_id").Optional().Nillable(),
		field.Bool("avatar").Default(false).Comment("Whether it is the avatar of its owner, so that everybody sees it."),
	}
}

// Edges of the File.
func (File) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("user", User.Type).Ref("files").Field("user_id").Unique().Required().Immutable(),
		edge.From("blob", Blob.Type).Ref("files").Field("blob_id").Unique(),
		edge.To("parts", UploadPart.Type).Annotations(cascade()),
		edge.To("documents", Document.Type).Annotations(entsql.OnDelete(entsql.SetNull)),
		edge.To("document_files", DocumentFile.Type).Annotations(cascade()),
	}
}

// Indexes of the File.
func (File) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("user_id", "created_at", "id"),
		index.Fields("status", "updated_at"),
		index.Fields("blob_id"),
	}
}

// UploadPart is a run of bytes of a file that is being sent: one object of the bucket.
type UploadPart struct{ ent.Schema }

// Fields of the UploadPart.
func (UploadPart) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("file_id", uuid.UUID{}).Immutable(),
		field.Int64("start").NonNegative().Immutable().Comment("Where in the file it begins, in bytes."),
		field.Int64("size").Positive().Immutable(),
		field.String("key").MaxLen(128).Immutable().Comment("Of the object."),
	}
}

// Edges of the UploadPart.
func (UploadPart) Edges() []ent.Edge {
	return []ent.Edge{edge.From("file", File.Type).Ref("parts").Field("file_id").Unique().Required().Immutable()}
}

// Indexes of the UploadPart: no two parts begin at the same place.
func (UploadPart) Indexes() []ent.Index {
	return []ent.Index{index.Fields("file_id", "start").Unique()}
}

// Blob is a content that some file has: the same content is kept once.
type Blob struct{ ent.Schema }

// Fields of the Blob.
func (Blob) Fields() []ent.Field {
	return []ent.Field{
		field.String("sha256").Unique().MaxLen(64).Immutable().Comment("In hexadecimal."),
		field.Int64("size").NonNegative().Immutable(),
		field.String("key").MaxLen(128).Immutable().Comment("Of the object."),
		field.String("title").Default("").MaxLen(800).Immutable().Comment("That the content itself names, such as a PDF's."),
		field.Text("text").Default("").Immutable().Comment("What was found in a PDF or DOCX; of a text, nothing."),
		field.Int("width").Default(0).NonNegative().Comment("Of a picture as it is shown, in pixels; 0 if it is not known."),
		field.Int("height").Default(0).NonNegative(),
	}
}

// Edges of the Blob.
func (Blob) Edges() []ent.Edge {
	return []ent.Edge{edge.To("files", File.Type), edge.To("variants", Variant.Type).Annotations(cascade())}
}

// Variant is a picture that was made of the picture in a Blob: smaller, and without metadata. It is one object of the bucket, which
// goes with the blob.
type Variant struct{ ent.Schema }

// Fields of the Variant.
func (Variant) Fields() []ent.Field {
	return []ent.Field{
		field.Int("blob_id").Immutable(),
		field.Int("width").NonNegative().Immutable().Comment("That was asked for, in pixels; 0 for all of them."),
		field.String("content_type").MaxLen(128).Immutable(),
		field.Int64("size").NonNegative().Immutable().Comment("In bytes."),
		field.String("key").MaxLen(128).Immutable().Comment("Of the object; empty if the picture itself is sent in place of a variant."),
	}
}

// Edges of the Variant.
func (Variant) Edges() []ent.Edge {
	return []ent.Edge{edge.From("blob", Blob.Type).Ref("variants").Field("blob_id").Unique().Required().Immutable()}
}

// Indexes of the Variant.
func (Variant) Indexes() []ent.Index { return []ent.Index{index.Fields("blob_id", "width").Unique()} }

// Garbage is an object of the bucket that nothing needs, or may ever need. It is written before the object is, and goes in
// the transaction that first needs the object: so no crash leaves an object without a row.
type Garbage struct{ ent.Schema }

// Annotations of the Garbage.
func (Garbage) Annotations() []schema.Annotation { return []schema.Annotation{entsql.Table("garbage")} }

// Fields of the Garbage.
func (Garbage) Fields() []ent.Field {
	return []ent.Field{
		field.String("key").Unique().MaxLen(128).Immutable().Comment("Of the object."),
		field.Time("due_at").Comment("When the object may go."),
		field.Bool("doomed").Default(false).Comment("It is going: nothing may need it any more."),
	}
}

// Indexes of the Garbage.
func (Garbage) Indexes() []ent.Index { return []ent.Index{index.Fields("due_at")} }
