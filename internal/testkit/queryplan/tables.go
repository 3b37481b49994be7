package queryplan

import (
	"entgo.io/ent/schema/field"

	"docsquare/ent/migrate"
)

// small lists the tables of ent's schema that may be read from end to end, with what bounds their size.
var small = map[string]string{
	"categories":  "authors choose from few names, and the overview lists all of them",
	"counters":    "16 rows for each counter of the site",
	"derivations": "one row for each derived table",
	"hot_sets":    "one row for each cached kind that is warmed",
	"outbox":      "a delivered row is deleted within a second",
}

// large has the tables that grow with the site: those of ent's schema without the small ones, and those outside of it.
var large = func() map[string]bool {
	names := map[string]bool{"search_words": true}
	for _, t := range migrate.Tables {
		if _, ok := small[t.Name]; !ok {
			names[t.Name] = true
		}
	}
	return names
}()

// flags has the names of columns with few values, such as an enum. A search by such a column alone reads a large part of a table.
var flags = func() map[string]bool {
	names := map[string]bool{}
	for _, t := range migrate.Tables {
		for _, c := range t.Columns {
			if c.Type == field.TypeEnum || c.Type == field.TypeBool {
				names[c.Name] = true
			}
		}
	}
	return names
}()

func flagsOnly(columns []string) bool {
	for _, c := range columns {
		if !flags[c] {
			return false
		}
	}
	return true
}
