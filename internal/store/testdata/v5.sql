-- Version 5 brought files, what they are made of, and texts that are being written.
INSERT INTO blobs (id, sha256, size, "key", title, text) VALUES
  (3, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 4, 'blobs/0195512a-0000-4000-8000-000000000001', '题目', 'text 正文');
INSERT INTO files (id, created_at, updated_at, name, size, received, content_type, sha256, status, failure, blob_id, user_id) VALUES
  ('0195512a-0000-7000-8000-000000000051', '2026-03-01 08:00:00.000001+00:00', '2026-03-01 08:00:01+00:00', '文件.pdf', 4, 4, 'application/pdf', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'STORED', NULL, 3, '0195512a-0000-7000-8000-000000000001'),
  ('0195512a-0000-7000-8000-000000000052', '2026-03-01 08:00:00.000002+00:00', '2026-03-01 08:00:01+00:00', 'b.txt', 9000000000, 5, 'text/plain', NULL, 'UPLOADING', NULL, NULL, '0195512a-0000-7000-8000-000000000001');
INSERT INTO upload_parts (id, start, size, "key", file_id) VALUES (4, 0, 5, 'parts/0195512a-0000-4000-8000-000000000002', '0195512a-0000-7000-8000-000000000052');
INSERT INTO garbage (id, "key", due_at, doomed) VALUES (5, 'parts/0195512a-0000-4000-8000-000000000003', '2026-03-01 08:00:00+00:00', TRUE);
INSERT INTO editor_sessions (id, created_at, user_id, document_id, document_revision, title, content, format, revision, status, saved_at) VALUES
  ('0195512a-0000-7000-8000-000000000061', '2026-03-01 08:00:00.000001+00:00', '0195512a-0000-7000-8000-000000000001', '0195512a-0000-7000-8000-000000000021', 2, '题目', '正文 draft', 'MD', 7, 'OPEN', '2026-03-01 08:00:02+00:00');
