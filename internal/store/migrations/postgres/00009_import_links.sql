-- +goose Up
ALTER TABLE "imported_files" ADD COLUMN "links" character varying NOT NULL DEFAULT '';
