-- Version 15 brought likes of comments, and records of deleted comments.
INSERT INTO comment_likes (id, user_id, comment_id, document_id, created_at) SELECT 10, '0195512a-0000-7000-8000-000000000001', id, document_id, '2026-03-01 08:00:00.000001+00:00' FROM comments ORDER BY id LIMIT 1;
INSERT INTO deleted_comments (id, comment_id, created_at, document_id) VALUES
  (10, '0195512a-0000-7000-8000-000000000099', '2026-03-01 08:00:00.000001+00:00', '0195512a-0000-7000-8000-000000000021');
