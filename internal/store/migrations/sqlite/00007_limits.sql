-- +goose Up
PRAGMA foreign_keys = off;
CREATE TABLE `refused_tokens` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `subject` text NOT NULL, `token` blob NULL, `issued_until` datetime NULL, `expires_at` datetime NULL);
CREATE UNIQUE INDEX `refusedtoken_subject_token` ON `refused_tokens` (`subject`, `token`);
CREATE INDEX `refusedtoken_expires_at` ON `refused_tokens` (`expires_at`);
CREATE TABLE `removals` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `subject` uuid NOT NULL, `kind` text NOT NULL, `hidden` bool NOT NULL DEFAULT (false), `created_at` datetime NOT NULL);
CREATE UNIQUE INDEX `removals_subject_key` ON `removals` (`subject`);
CREATE TABLE `text_usage` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `bytes` integer NOT NULL DEFAULT (0), `user_id` uuid NOT NULL, CONSTRAINT `text_usage_users_text_usage` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `text_usage_user_id_key` ON `text_usage` (`user_id`);
PRAGMA foreign_keys = on;
