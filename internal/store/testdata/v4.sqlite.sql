INSERT INTO search_words (rowid, title, labels, summary, body, facets) VALUES (7, '旁路 路缓 缓存 存', '缓存 存 graph', 'read the cach first', '正文 文 二', 'f0');
