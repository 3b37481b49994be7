-- Version 4 brought the search index, counters of the site, which the migration fills, and what was derived how.
INSERT INTO search_entries (id, document_id, terms) VALUES (7, '0195512a-0000-7000-8000-000000000021', X'0100000007016c61737401');
INSERT INTO derivations (id, version) VALUES ('search', 1);
