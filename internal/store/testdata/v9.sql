-- Version 9 brought what imports remember of links.
INSERT INTO imported_files (id, document_id, sha256, links, imported_at) VALUES
  ('手册/链接.md', '0195512a-0000-7000-8000-000000000012', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', '2026-03-01 08:00:00.000001+00:00');
