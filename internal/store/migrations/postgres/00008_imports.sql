-- +goose Up
CREATE TABLE "imported_files" ("id" character varying NOT NULL, "document_id" uuid NOT NULL, "sha256" character varying NOT NULL, "imported_at" timestamptz NOT NULL, PRIMARY KEY ("id"));
