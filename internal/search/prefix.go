package search

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"

	"docsquare/internal/cache"
)

// prefixPage is how many bytes of entries take as much work as merging one page of the index of SQLite, which has about 400 words.
const prefixPage = 32 << 10

// prefixPages returns a statement that gives the same rows as another, and before them a row that begins with prefixNumber and the number of the
// pages of the index that SQLite reads for the beginnings of words. For each of them, FTS5 merges the documents of every word that begins so, even
// if few documents meet the whole demand. The table search_words_idx has the first word of each page. The row has so many columns; the arguments
// have the numbers from first on. Without beginnings of words, and for PostgreSQL, the statement stays as it is.
func (x Index) prefixPages(statement string, prefixes []string, columns, first int) (string, []any) {
	if len(prefixes) == 0 || x.store.Dialect() == dialect.Postgres {
		return statement, nil
	}
	places, args := make([]string, len(prefixes)), make([]any, 0, 2*len(prefixes))
	for i, token := range prefixes {
		low := []byte(fts5Main + token)
		high := append([]byte(nil), low...)
		high[len(high)-1]++ // no byte of UTF-8 is 0xff
		places[i] = fmt.Sprintf("(?%d, ?%d)", first+2*i, first+2*i+1)
		args = append(args, low, high)
	}
	return "WITH RECURSIVE segments(id) AS (SELECT MIN(segid) FROM search_words_idx UNION ALL " +
		"SELECT (SELECT MIN(segid) FROM search_words_idx WHERE segid > segments.id) FROM segments WHERE segments.id IS NOT NULL), " +
		"prefixes(low, high) AS (VALUES " + strings.Join(places, ", ") + ") " +
		fmt.Sprintf("SELECT %d, COUNT(*)%s", prefixNumber, strings.Repeat(", NULL", columns-2)) +
		" FROM prefixes CROSS JOIN segments CROSS JOIN search_words_idx AS page " +
		"WHERE page.segid = segments.id AND page.term >= prefixes.low AND page.term < prefixes.high UNION ALL " + statement, args
}

const (
	prefixNumber = -1  // no entry and no unit has it
	fts5Main     = "0" // precedes each word in the tables of FTS5
)

// readPages notes that the engine reads so many pages for the beginnings of words.
func readPages(ctx context.Context, pages int) { cache.ReadBytes(ctx, pages*prefixPage) }
