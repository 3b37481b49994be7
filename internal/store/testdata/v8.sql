-- Version 8 brought what imports remember of files.
INSERT INTO imported_files (id, document_id, sha256, imported_at) VALUES
  ('手册/旁路.md', '0195512a-0000-7000-8000-000000000011', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '2026-03-01 08:00:00.000001+00:00');
