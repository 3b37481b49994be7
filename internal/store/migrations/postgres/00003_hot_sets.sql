-- +goose Up
DROP INDEX "outbox_created_at";
CREATE TABLE "hot_sets" ("id" character varying NOT NULL, "keys" jsonb NOT NULL, "saved_at" timestamptz NOT NULL, PRIMARY KEY ("id"));
