-- Version 3 brought what is remembered as hot.
INSERT INTO hot_sets (id, keys, saved_at) VALUES ('document', '["01940000-0000-7000-8000-000000000001"]', '2026-03-02 09:00:00');
