package tracing

import "testing"

func TestGlance(t *testing.T) {
	for text, want := range map[string][2]string{
		"": {"", ""},
		"SELECT `a`, (SELECT COUNT(*) FROM b) FROM `documents` AS t1":        {"SELECT", "documents"},
		`SELECT DISTINCT "documents"."id" FROM "documents" JOIN "tags" ON 1`: {"SELECT", "documents"},
		"select 1":                                                           {"SELECT", ""},
		"SELECT 'FROM nowhere' FROM tags":                                    {"SELECT", "tags"},
		"SELECT * FROM (SELECT * FROM tags) AS t":                            {"SELECT", ""},
		"SELECT x FROM public.documents FOR UPDATE":                          {"SELECT", "public.documents"},
		"INSERT INTO `tags` (`name`) VALUES (?)":                             {"INSERT", "tags"},
		"INSERT OR REPLACE INTO tags SELECT * FROM b":                        {"INSERT", "tags"},
		"INSERT INTO search_words(search_words)":                             {"INSERT", "search_words"},
		"UPDATE\n\t\"tags\" SET a = ?":                                       {"UPDATE", "tags"},
		"DELETE FROM tags":                                                   {"DELETE", "tags"},
		"WITH w AS (SELECT 1 FROM x) DELETE FROM tags":                       {"DELETE", "tags"},
		"WITH w AS MATERIALIZED (SELECT 1), v AS (SELECT 2) SELECT * FROM w": {"SELECT", "w"},
		"(SELECT 1) UNION (SELECT 2)":                                        {"", ""},
		"PRAGMA wal_checkpoint":                                              {"", ""},
		"SELECT * FROM":                                                      {"SELECT", ""},
		"SELECT 'never closed":                                               {"SELECT", ""},
		"SELECT * FROM 文":                                                    {"SELECT", ""},
		"SELECT * FROM \"a b\"":                                              {"SELECT", ""},
	} {
		if verb, table := glance(text); verb != want[0] || table != want[1] {
			t.Errorf("%s: %q, %q", text, verb, table)
		}
	}
}

func FuzzGlance(f *testing.F) {
	f.Add("SELECT `a` FROM 'b' WHERE (\"c\" = ?)")
	f.Fuzz(func(t *testing.T, text string) {
		if verb, _ := glance(text); verb != "" && before[verb] == "" {
			t.Errorf("%q", verb)
		}
	})
}
