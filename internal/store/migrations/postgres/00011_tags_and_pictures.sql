-- +goose Up
ALTER TABLE "blobs" ADD COLUMN "width" bigint NOT NULL DEFAULT 0, ADD COLUMN "height" bigint NOT NULL DEFAULT 0;
-- Tags that differ in case alone get keys that no tag has, until the statistics are rebuilt, which makes one tag of them.
UPDATE "tags" SET "folded" = "folded" || chr(1) || "id" WHERE "id" NOT IN (SELECT MIN("id") FROM "tags" GROUP BY "folded");
DROP INDEX "tag_folded";
CREATE UNIQUE INDEX "tag_folded" ON "tags" ("folded" text_pattern_ops);
