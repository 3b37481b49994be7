-- Version 7 brought removals in portions, refused tokens, and the bytes that texts take.
INSERT INTO removals (id, subject, kind, hidden, created_at) VALUES
  (7, '0195512a-0000-7000-8000-0000000000aa', 'ACCOUNT', true, '2026-03-01 08:00:00.000001+00:00'),
  (8, '0195512a-0000-7000-8000-0000000000ab', 'DOCUMENT', false, '2026-03-01 08:00:00.000002+00:00');
INSERT INTO refused_tokens (id, subject, token, issued_until, expires_at) VALUES
  (7, 'hash', NULL, '2026-03-01 08:00:00.000001+00:00', NULL),
  (8, 'hash', 'token', NULL, '2026-03-01 08:00:00.000002+00:00');
INSERT INTO text_usage (id, bytes, user_id) VALUES (7, 5000000000, '0195512a-0000-7000-8000-000000000001');
