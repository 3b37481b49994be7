-- +goose Up
ALTER TABLE "users" ADD COLUMN "folded" character varying NOT NULL DEFAULT '';
UPDATE "users" SET "folded" = lower("display_name");
CREATE INDEX "user_username" ON "users" ("username" text_pattern_ops);
CREATE INDEX "user_folded" ON "users" ("folded" text_pattern_ops);
CREATE INDEX "tag_documents_name" ON "tags" ("documents" DESC, "name");
