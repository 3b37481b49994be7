-- Version 6 brought links to an outside issuer of tokens, and the audit trail.
INSERT INTO identities (id, issuer, subject, created_at, user_id) VALUES
  (6, 'https://id.example.org', '主体|1', '2026-03-01 08:00:00.000001+00:00', '0195512a-0000-7000-8000-000000000001');
INSERT INTO audit_entries (id, created_at, action, actor_id, subject, detail, address, user_agent) VALUES
  ('0195512a-0000-7000-8000-000000000071', '2026-03-01 08:00:00.000001+00:00', 'ROLE_CHANGED', '0195512a-0000-7000-8000-000000000001', 'subject', 'USER → ADMIN', '192.0.2.1', '客户端'),
  ('0195512a-0000-7000-8000-000000000072', '2026-03-01 08:00:00.000002+00:00', 'SIGN_IN_FAILED', NULL, 'ann', '', '2001:db8::', '');
