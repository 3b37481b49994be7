-- +goose Up
ALTER TABLE `comments` ADD COLUMN `likes` integer NOT NULL DEFAULT 0;
CREATE INDEX `comment_document_id_parent_id_likes_id` ON `comments` (`document_id`, `parent_id`, `likes`, `id`);
CREATE INDEX `comment_document_id_updated_at_id` ON `comments` (`document_id`, `updated_at`, `id`);
CREATE TABLE `comment_likes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `document_id` uuid NOT NULL, `created_at` datetime NOT NULL, `comment_id` uuid NOT NULL, `user_id` uuid NOT NULL, CONSTRAINT `comment_likes_comments_comment_likes` FOREIGN KEY (`comment_id`) REFERENCES `comments` (`id`) ON DELETE CASCADE, CONSTRAINT `comment_likes_users_comment_likes` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `commentlike_user_id_comment_id` ON `comment_likes` (`user_id`, `comment_id`);
CREATE INDEX `commentlike_user_id_created_at_comment_id` ON `comment_likes` (`user_id`, `created_at`, `comment_id`);
CREATE INDEX `commentlike_comment_id` ON `comment_likes` (`comment_id`);
CREATE INDEX `commentlike_document_id` ON `comment_likes` (`document_id`);
CREATE TABLE `deleted_comments` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `comment_id` uuid NOT NULL, `created_at` datetime NOT NULL, `document_id` uuid NOT NULL, CONSTRAINT `deleted_comments_documents_deleted_comments` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE CASCADE);
CREATE INDEX `deletedcomment_document_id_id_comment_id` ON `deleted_comments` (`document_id`, `id`, `comment_id`);
CREATE INDEX `deletedcomment_created_at` ON `deleted_comments` (`created_at`);
