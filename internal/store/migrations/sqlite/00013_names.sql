-- +goose Up
ALTER TABLE `users` ADD COLUMN `folded` text NOT NULL DEFAULT '';
UPDATE `users` SET `folded` = lower(`display_name`);
CREATE INDEX `user_username` ON `users` (`username`);
CREATE INDEX `user_folded` ON `users` (`folded`);
CREATE INDEX `tag_documents_name` ON `tags` (`documents` DESC, `name`);
