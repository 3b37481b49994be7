package tracing

import "testing"

func TestVerbAndTable(t *testing.T) {
	for text, want := range map[string][2]string{
		"": {"", ""},
		"SELECT DISTINCT \"documents\".\"id\" FROM \"documents\" JOIN \"tags\" ON 1": {"SELECT", "documents"},
		"\n\tselect x\nFROM public.documents FOR UPDATE":                             {"SELECT", "public.documents"},
		"SELECT 1": {"SELECT", ""},
		"SELECT * FROM (SELECT * FROM tags) AS t":      {"SELECT", "tags"},
		"INSERT INTO `tags` (`name`) VALUES (?)":       {"INSERT", "tags"},
		"INSERT OR REPLACE INTO tags SELECT * FROM b":  {"INSERT", "tags"},
		"UPDATE\n\t\"tags\" SET a = (SELECT b FROM c)": {"UPDATE", "tags"},
		"DELETE FROM tags":                             {"DELETE", "tags"},
		"PRAGMA wal_checkpoint":                        {"", ""},
	} {
		if verb, table := verbAndTable(text); verb != want[0] || table != want[1] {
			t.Errorf("%s: %q, %q", text, verb, table)
		}
	}
}
