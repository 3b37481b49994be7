-- +goose Up
PRAGMA foreign_keys = off;
DROP INDEX `outbox_created_at`;
CREATE TABLE `hot_sets` (`id` text NOT NULL, `keys` json NOT NULL, `saved_at` datetime NOT NULL, PRIMARY KEY (`id`));
PRAGMA foreign_keys = on;
