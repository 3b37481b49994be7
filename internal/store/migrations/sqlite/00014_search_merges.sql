-- +goose Up
-- A worker merges the segments of the index.
INSERT INTO search_words (search_words, rank) VALUES ('automerge', 0);
