-- Version 10 brought files that documents show, variants of pictures, and keys of mutations.
INSERT INTO document_files (id, document_id, file_id) SELECT 10, '0195512a-0000-7000-8000-000000000021', id FROM files WHERE user_id = '0195512a-0000-7000-8000-000000000001' ORDER BY id LIMIT 1;
INSERT INTO variants (id, width, content_type, size, key, blob_id) SELECT 10, 640, 'image/jpeg', 5000000000, 'variants/1', MIN(id) FROM blobs;
INSERT INTO idempotency_keys (id, key, input_hash, result, created_at, user_id) VALUES
  (10, '键 1', X'00ff10e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b78', '0195512a-0000-7000-8000-000000000021', '2026-03-01 08:00:00.000001+00:00', '0195512a-0000-7000-8000-000000000001');
