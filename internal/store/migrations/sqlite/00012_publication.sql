-- +goose Up
PRAGMA foreign_keys = off;
UPDATE `documents` SET `published_at` = `created_at` WHERE `visibility` = 'PUBLIC' AND `published_at` IS NULL;
CREATE INDEX `document_visibility_published_at_id` ON `documents` (`visibility`, `published_at`, `id`);
CREATE INDEX `document_visibility_format_published_at_id` ON `documents` (`visibility`, `format`, `published_at`, `id`);
CREATE INDEX `document_visibility_category_published_at_id` ON `documents` (`visibility`, `category`, `published_at`, `id`);
CREATE INDEX `document_author_id_visibility_published_at_id` ON `documents` (`author_id`, `visibility`, `published_at`, `id`);
CREATE TABLE `new_document_tags` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `created_at` datetime NOT NULL, `published_at` datetime NOT NULL, `document_id` uuid NOT NULL, `tag_id` integer NOT NULL, CONSTRAINT `document_tags_documents_document_tags` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE CASCADE, CONSTRAINT `document_tags_tags_document_tags` FOREIGN KEY (`tag_id`) REFERENCES `tags` (`id`) ON DELETE CASCADE);
INSERT INTO `new_document_tags` (`id`, `created_at`, `published_at`, `document_id`, `tag_id`) SELECT t.`id`, t.`created_at`, COALESCE(d.`published_at`, d.`created_at`), t.`document_id`, t.`tag_id` FROM `document_tags` AS t JOIN `documents` AS d ON d.`id` = t.`document_id`;
DROP TABLE `document_tags`;
ALTER TABLE `new_document_tags` RENAME TO `document_tags`;
CREATE UNIQUE INDEX `documenttag_tag_id_document_id` ON `document_tags` (`tag_id`, `document_id`);
CREATE INDEX `documenttag_tag_id_published_at_document_id` ON `document_tags` (`tag_id`, `published_at`, `document_id`);
CREATE INDEX `documenttag_tag_id_created_at_document_id` ON `document_tags` (`tag_id`, `created_at`, `document_id`);
CREATE INDEX `documenttag_document_id` ON `document_tags` (`document_id`);
PRAGMA foreign_keys = on;
