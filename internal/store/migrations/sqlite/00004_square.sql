-- +goose Up
PRAGMA foreign_keys = off;
CREATE TABLE `new_categories` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `folded` text NOT NULL DEFAULT (''), `documents` integer NOT NULL DEFAULT (0));
INSERT INTO `new_categories` (`id`, `name`, `folded`, `documents`) SELECT `id`, `name`, lower(`name`), `documents` FROM `categories`;
DROP TABLE `categories`;
ALTER TABLE `new_categories` RENAME TO `categories`;
CREATE UNIQUE INDEX `categories_name_key` ON `categories` (`name`);
CREATE INDEX `category_folded` ON `categories` (`folded`);
CREATE INDEX `document_visibility_format_updated_at_id` ON `documents` (`visibility`, `format`, `updated_at`, `id`);
CREATE INDEX `document_visibility_category_updated_at_id` ON `documents` (`visibility`, `category`, `updated_at`, `id`);
CREATE INDEX `document_author_id_visibility_updated_at_id` ON `documents` (`author_id`, `visibility`, `updated_at`, `id`);
CREATE TABLE `new_document_stats` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `views` integer NOT NULL DEFAULT (0), `likes` integer NOT NULL DEFAULT (0), `favorites` integer NOT NULL DEFAULT (0), `comments` integer NOT NULL DEFAULT (0), `top_comments` integer NOT NULL DEFAULT (0), `popularity` integer NOT NULL DEFAULT (0), `listed` bool NOT NULL DEFAULT (false), `format` text NOT NULL DEFAULT ('MD'), `category` text NULL, `hot_day` real NOT NULL DEFAULT (0), `hot_week` real NOT NULL DEFAULT (0), `hot_month` real NOT NULL DEFAULT (0), `document_id` uuid NOT NULL, CONSTRAINT `document_stats_documents_stats` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE CASCADE);
INSERT INTO `new_document_stats` (`id`, `views`, `likes`, `favorites`, `comments`, `top_comments`, `popularity`, `listed`, `document_id`) SELECT `id`, `views`, `likes`, `favorites`, `comments`, `top_comments`, `popularity`, `listed`, `document_id` FROM `document_stats`;
DROP TABLE `document_stats`;
ALTER TABLE `new_document_stats` RENAME TO `document_stats`;
CREATE UNIQUE INDEX `document_stats_document_id_key` ON `document_stats` (`document_id`);
CREATE INDEX `documentstats_listed_popularity_document_id` ON `document_stats` (`listed`, `popularity`, `document_id`);
CREATE INDEX `documentstats_listed_format_popularity_document_id` ON `document_stats` (`listed`, `format`, `popularity`, `document_id`);
CREATE INDEX `documentstats_listed_category_popularity_document_id` ON `document_stats` (`listed`, `category`, `popularity`, `document_id`);
CREATE INDEX `documentstats_listed_hot_day_document_id` ON `document_stats` (`listed`, `hot_day`, `document_id`);
CREATE INDEX `documentstats_listed_hot_week_document_id` ON `document_stats` (`listed`, `hot_week`, `document_id`);
CREATE INDEX `documentstats_listed_hot_month_document_id` ON `document_stats` (`listed`, `hot_month`, `document_id`);
CREATE TABLE `new_document_tags` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `created_at` datetime NOT NULL, `document_id` uuid NOT NULL, `tag_id` integer NOT NULL, CONSTRAINT `document_tags_documents_document_tags` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE CASCADE, CONSTRAINT `document_tags_tags_document_tags` FOREIGN KEY (`tag_id`) REFERENCES `tags` (`id`) ON DELETE CASCADE);
INSERT INTO `new_document_tags` (`id`, `created_at`, `document_id`, `tag_id`) SELECT t.`id`, d.`created_at`, t.`document_id`, t.`tag_id` FROM `document_tags` AS t JOIN `documents` AS d ON d.`id` = t.`document_id` WHERE d.`visibility` = 'PUBLIC';
DROP TABLE `document_tags`;
ALTER TABLE `new_document_tags` RENAME TO `document_tags`;
CREATE UNIQUE INDEX `documenttag_tag_id_document_id` ON `document_tags` (`tag_id`, `document_id`);
CREATE INDEX `documenttag_tag_id_created_at_document_id` ON `document_tags` (`tag_id`, `created_at`, `document_id`);
CREATE INDEX `documenttag_document_id` ON `document_tags` (`document_id`);
CREATE TABLE `new_tags` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `folded` text NOT NULL DEFAULT (''), `documents` integer NOT NULL DEFAULT (0));
INSERT INTO `new_tags` (`id`, `name`, `folded`, `documents`) SELECT `id`, `name`, lower(`name`), `documents` FROM `tags`;
DROP TABLE `tags`;
ALTER TABLE `new_tags` RENAME TO `tags`;
CREATE UNIQUE INDEX `tags_name_key` ON `tags` (`name`);
CREATE INDEX `tag_folded` ON `tags` (`folded`);
CREATE TABLE `counters` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `shard` integer NOT NULL, `value` integer NOT NULL DEFAULT (0));
CREATE UNIQUE INDEX `counter_name_shard` ON `counters` (`name`, `shard`);
CREATE TABLE `derivations` (`id` text NOT NULL, `version` integer NOT NULL, PRIMARY KEY (`id`));
CREATE TABLE `search_entries` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `terms` blob NOT NULL, `document_id` uuid NOT NULL, CONSTRAINT `search_entries_documents_search_entry` FOREIGN KEY (`document_id`) REFERENCES `documents` (`id`) ON DELETE CASCADE);
CREATE UNIQUE INDEX `search_entries_document_id_key` ON `search_entries` (`document_id`);
WITH RECURSIVE shards (shard) AS (SELECT 0 UNION ALL SELECT shard + 1 FROM shards WHERE shard < 15)
INSERT INTO `counters` (`name`, `shard`) SELECT n.column1, s.shard FROM (VALUES ('users'), ('documents'), ('likes'), ('favorites'), ('comments'), ('views'), ('format:MD'), ('format:TXT'), ('format:PDF'), ('format:DOCX')) AS n, shards AS s;
CREATE VIRTUAL TABLE search_words USING fts5 (title, labels, summary, body, facets, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '+#'");
-- +goose StatementBegin
CREATE TRIGGER search_entries_deleted AFTER DELETE ON search_entries BEGIN
  DELETE FROM search_words WHERE rowid = old.id;
END;
-- +goose StatementEnd
PRAGMA foreign_keys = on;
