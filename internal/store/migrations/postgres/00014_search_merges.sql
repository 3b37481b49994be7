-- +goose Up
-- Only the index of SQLite has segments.
SELECT 1;
