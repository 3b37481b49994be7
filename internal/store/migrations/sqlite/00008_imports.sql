-- +goose Up
PRAGMA foreign_keys = off;
CREATE TABLE `imported_files` (`id` text NOT NULL, `document_id` uuid NOT NULL, `sha256` text NOT NULL, `imported_at` datetime NOT NULL, PRIMARY KEY (`id`));
PRAGMA foreign_keys = on;
