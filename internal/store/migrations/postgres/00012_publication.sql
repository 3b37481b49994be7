-- +goose Up
UPDATE "documents" SET "published_at" = "created_at" WHERE "visibility" = 'PUBLIC' AND "published_at" IS NULL;
CREATE INDEX "document_visibility_published_at_id" ON "documents" ("visibility", "published_at", "id");
CREATE INDEX "document_visibility_format_published_at_id" ON "documents" ("visibility", "format", "published_at", "id");
CREATE INDEX "document_visibility_category_published_at_id" ON "documents" ("visibility", "category", "published_at", "id");
CREATE INDEX "document_author_id_visibility_published_at_id" ON "documents" ("author_id", "visibility", "published_at", "id");
ALTER TABLE "document_tags" ADD COLUMN "published_at" timestamptz NULL;
UPDATE "document_tags" SET "published_at" = (SELECT COALESCE("published_at", "created_at") FROM "documents" WHERE "documents"."id" = "document_tags"."document_id");
ALTER TABLE "document_tags" ALTER COLUMN "published_at" SET NOT NULL;
CREATE INDEX "documenttag_tag_id_published_at_document_id" ON "document_tags" ("tag_id", "published_at", "document_id");
