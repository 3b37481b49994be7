-- +goose Up
PRAGMA foreign_keys = off;
CREATE TABLE `audit_entries` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `action` text NOT NULL, `actor_id` uuid NULL, `subject` text NOT NULL DEFAULT (''), `detail` text NOT NULL DEFAULT (''), `address` text NOT NULL DEFAULT (''), `user_agent` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
CREATE INDEX `auditentry_created_at_id` ON `audit_entries` (`created_at`, `id`);
CREATE INDEX `auditentry_actor_id_created_at_id` ON `audit_entries` (`actor_id`, `created_at`, `id`);
CREATE INDEX `auditentry_action_created_at_id` ON `audit_entries` (`action`, `created_at`, `id`);
CREATE TABLE `identities` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `issuer` text NOT NULL, `subject` text NOT NULL, `created_at` datetime NOT NULL, `user_id` uuid NOT NULL, CONSTRAINT `identities_users_identities` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE);
CREATE INDEX `identity_user_id` ON `identities` (`user_id`);
CREATE UNIQUE INDEX `identity_issuer_subject` ON `identities` (`issuer`, `subject`);
PRAGMA foreign_keys = on;
