-- +goose Up
CREATE INDEX `comment_document_id_created_at_id` ON `comments` (`document_id`, `created_at`, `id`);
CREATE TABLE `blobs` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `sha256` text NOT NULL, `size` integer NOT NULL, `key` text NOT NULL, `title` text NOT NULL DEFAULT (''), `text` text NOT NULL DEFAULT (''));
CREATE UNIQUE INDEX `blobs_sha256_key` ON `blobs` (`sha256`);
CREATE TABLE `editor_sessions` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `document_revision` integer NULL, `title` text NOT NULL DEFAULT (''), `content` text NOT NULL DEFAULT (''), `format` text NOT NULL DEFAULT ('MD'), `revision` integer NOT NULL DEFAULT (1), `status` text NOT NULL DEFAULT ('OPEN'), `saved_at` datetime NOT NULL, `document_id` uuid NULL, `user_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `editor_sessions_documents_editor_sessions` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE SET NULL, CONSTRAINT `editor_sessions_users_editor_sessions` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE INDEX `editorsession_user_id_created_at_id` ON `editor_sessions` (`user_id`, `created_at`, `id`);
CREATE INDEX `editorsession_document_id` ON `editor_sessions` (`document_id`);
CREATE INDEX `editorsession_status_saved_at` ON `editor_sessions` (`status`, `saved_at`);
CREATE TABLE `files` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `name` text NOT NULL, `size` integer NOT NULL, `received` integer NOT NULL DEFAULT (0), `content_type` text NOT NULL, `sha256` text NULL, `status` text NOT NULL DEFAULT ('UPLOADING'), `failure` text NULL, `blob_id` integer NULL, `user_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `files_blobs_files` FOREIGN KEY (`blob_id`) REFERENCES `blobs` (`id`) ON DELETE SET NULL, CONSTRAINT `files_users_files` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE INDEX `file_user_id_created_at_id` ON `files` (`user_id`, `created_at`, `id`);
CREATE INDEX `file_status_updated_at` ON `files` (`status`, `updated_at`);
CREATE INDEX `file_blob_id` ON `files` (`blob_id`);
ALTER TABLE `documents` ADD COLUMN `file_id` uuid NULL CONSTRAINT `documents_files_documents` REFERENCES `files` (`id`) ON DELETE SET NULL;
CREATE INDEX `document_file_id` ON `documents` (`file_id`);
CREATE TABLE `garbage` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `key` text NOT NULL, `due_at` datetime NOT NULL, `doomed` bool NOT NULL DEFAULT (false));
CREATE UNIQUE INDEX `garbage_key_key` ON `garbage` (`key`);
CREATE INDEX `garbage_due_at` ON `garbage` (`due_at`);
CREATE TABLE `upload_parts` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `start` integer NOT NULL, `size` integer NOT NULL, `key` text NOT NULL, `file_id` uuid NOT NULL, CONSTRAINT `upload_parts_files_parts` FOREIGN KEY (`file_id`) REFERENCES `files` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `uploadpart_file_id_start` ON `upload_parts` (`file_id`, `start`);
