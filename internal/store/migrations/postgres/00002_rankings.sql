-- +goose Up
CREATE INDEX "comment_created_at_document_id" ON "comments" ("created_at", "document_id");
DROP INDEX "favorite_created_at";
DROP INDEX "favorite_document_id";
CREATE INDEX "favorite_document_id_created_at" ON "favorites" ("document_id", "created_at");
CREATE INDEX "favorite_created_at_document_id" ON "favorites" ("created_at", "document_id");
DROP INDEX "like_created_at";
DROP INDEX "like_document_id";
CREATE INDEX "like_document_id_created_at" ON "likes" ("document_id", "created_at");
CREATE INDEX "like_created_at_document_id" ON "likes" ("created_at", "document_id");
DROP INDEX "viewday_day";
CREATE INDEX "viewday_day_document_id" ON "view_days" ("day", "document_id");
