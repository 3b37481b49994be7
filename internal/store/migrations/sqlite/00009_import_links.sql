-- +goose Up
PRAGMA foreign_keys = off;
PRAGMA foreign_keys = off;
CREATE TABLE `new_imported_files` (`id` text NOT NULL, `document_id` uuid NOT NULL, `sha256` text NOT NULL, `links` text NOT NULL DEFAULT (''), `imported_at` datetime NOT NULL, PRIMARY KEY (`id`));
INSERT INTO `new_imported_files` (`id`, `document_id`, `sha256`, `imported_at`) SELECT `id`, `document_id`, `sha256`, `imported_at` FROM `imported_files`;
DROP TABLE `imported_files`;
ALTER TABLE `new_imported_files` RENAME TO `imported_files`;
PRAGMA foreign_keys = on;
PRAGMA foreign_keys = on;
