-- Rows for every table of version 1, in SQL that both dialects read. A BLOB is written X'…': the test turns it into what
-- PostgreSQL takes.
INSERT INTO users (id, created_at, updated_at, username, email, display_name, bio, role) VALUES
  ('0195512a-0000-7000-8000-000000000001', '2026-03-01 08:00:00+00:00', '2026-03-01 08:00:00.000001+00:00', 'ann', 'ann@example.org', 'The ann', '', 'USER'),
  ('0195512a-0000-7000-8000-000000000002', '2026-03-01 08:01:00+00:00', '2026-03-02 08:01:00+00:00', 'bob', 'bob@example.org', '鲍勃 🙂', 'A ''quoted'' line; and
a second one.', 'ADMIN');
INSERT INTO credentials (user_id, password_hash) VALUES
  ('0195512a-0000-7000-8000-000000000001', '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g');
INSERT INTO user_stats (user_id, documents, comments, likes, favorites) VALUES
  ('0195512a-0000-7000-8000-000000000001', 1, 1, 0, 1),
  ('0195512a-0000-7000-8000-000000000002', 0, 1, 1, 0);
INSERT INTO sessions (id, created_at, last_used_at, expires_at, user_agent, user_id) VALUES
  ('0195512a-0000-7000-8000-000000000011', '2026-03-01 09:00:00+00:00', '2026-03-01 09:30:00.5+00:00', '2026-03-31 09:30:00.5+00:00', 'test', '0195512a-0000-7000-8000-000000000001');
INSERT INTO session_secrets (session_id, token_hash) VALUES
  ('0195512a-0000-7000-8000-000000000011', X'00ff10e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b78');
INSERT INTO documents (id, created_at, updated_at, title, summary, format, visibility, category, tags, revision, published_at, source, author_id) VALUES
  ('0195512a-0000-7000-8000-000000000021', '2026-03-01 10:00:00.123456+00:00', '2026-03-03 10:00:00+00:00', '旁路缓存', 'Read the cache first.', 'MD', 'PUBLIC', '缓存', '["缓存","graph"]', 2, '2026-03-01 10:00:00.123456+00:00', 'import:a/b.md', '0195512a-0000-7000-8000-000000000001'),
  ('0195512a-0000-7000-8000-000000000022', '2026-03-01 11:00:00+00:00', '2026-03-01 11:00:00+00:00', 'Private', '', 'TXT', 'PRIVATE', NULL, '[]', 1, NULL, NULL, '0195512a-0000-7000-8000-000000000001');
INSERT INTO revisions (id, created_at, number, title, summary, body, document_id) VALUES
  ('0195512a-0000-7000-8000-000000000031', '2026-03-01 10:00:00.123456+00:00', 1, '旁路', '', '正文 一', '0195512a-0000-7000-8000-000000000021'),
  ('0195512a-0000-7000-8000-000000000032', '2026-03-03 10:00:00+00:00', 2, '旁路缓存', 'Read the cache first.', '# 正文 二', '0195512a-0000-7000-8000-000000000021'),
  ('0195512a-0000-7000-8000-000000000033', '2026-03-01 11:00:00+00:00', 1, 'Private', '', 'text', '0195512a-0000-7000-8000-000000000022');
INSERT INTO document_stats (document_id, views, likes, favorites, comments, top_comments, popularity, listed) VALUES
  ('0195512a-0000-7000-8000-000000000021', 5000000000, 1, 1, 2, 1, 4, TRUE),
  ('0195512a-0000-7000-8000-000000000022', 0, 0, 0, 0, 0, 0, FALSE);
INSERT INTO categories (name, documents) VALUES ('缓存', 1), ('empty', 0);
INSERT INTO tags (name, documents) VALUES ('缓存', 1), ('graph', 1);
INSERT INTO document_tags (document_id, tag_id) SELECT '0195512a-0000-7000-8000-000000000021', id FROM tags;
INSERT INTO comments (id, created_at, updated_at, body, parent_id, document_id, author_id) VALUES
  ('0195512a-0000-7000-8000-000000000041', '2026-03-04 10:00:00+00:00', '2026-03-04 10:00:00+00:00', 'Good.', NULL, '0195512a-0000-7000-8000-000000000021', '0195512a-0000-7000-8000-000000000002'),
  ('0195512a-0000-7000-8000-000000000042', '2026-03-04 11:00:00+00:00', '2026-03-04 12:00:00+00:00', '谢谢。', '0195512a-0000-7000-8000-000000000041', '0195512a-0000-7000-8000-000000000021', '0195512a-0000-7000-8000-000000000001');
INSERT INTO likes (created_at, document_id, user_id) VALUES
  ('2026-03-05 10:00:00+00:00', '0195512a-0000-7000-8000-000000000021', '0195512a-0000-7000-8000-000000000002');
INSERT INTO favorites (created_at, document_id, user_id) VALUES
  ('2026-03-05 11:00:00+00:00', '0195512a-0000-7000-8000-000000000021', '0195512a-0000-7000-8000-000000000001');
INSERT INTO view_days (day, views, document_id) VALUES
  (20513, 4999999999, '0195512a-0000-7000-8000-000000000021'), (20514, 1, '0195512a-0000-7000-8000-000000000021');
INSERT INTO outbox (tags, created_at) VALUES ('["document:0195512a-0000-7000-8000-000000000021","square"]', '2026-03-05 11:00:00+00:00');
