package search

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/searchentry"
	"docsquare/internal/store"
)

// Put brings the index to the state of a document and its text, in the transaction that writes them. A document that is
// not public has no place in it.
func Put(ctx context.Context, tx *store.Tx, d *ent.Document, text string) error {
	if err := remove(ctx, tx, d.ID); err != nil || d.Visibility != document.VisibilityPublic {
		return err
	}
	return put(ctx, tx, []source{{d, text}})
}

// source is a document and its text.
type source struct {
	document *ent.Document
	text     string
}

// remove takes documents out of the index. The words of an entry go with it.
func remove(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) error {
	_, err := tx.SearchEntry.Delete().Where(searchentry.DocumentIDIn(ids...)).Exec(ctx)
	return err
}

// put writes the entries of documents that have none.
func put(ctx context.Context, tx *store.Tx, sources []source) error {
	list := make([]analysis, len(sources))
	for i, s := range sources {
		list[i] = analyse(s.document, s.text)
	}
	entries, err := tx.SearchEntry.MapCreateBulk(list, func(create *ent.SearchEntryCreate, i int) {
		create.SetDocumentID(sources[i].document.ID).SetTerms(list[i].encode())
	}).Save(ctx)
	if err != nil {
		return err
	}
	statement, args := wordsStatement(tx.Dialect(), entries, list)
	_, err = tx.ExecContext(ctx, statement, args...)
	return err
}

// wordsStatement writes the words of entries.
func wordsStatement(d string, entries []*ent.SearchEntry, list []analysis) (string, []any) {
	var rows []string
	var args []any
	for i, e := range entries {
		if d == dialect.Postgres {
			args = append(args, e.ID, list[i].vector(int64(e.ID)))
			rows = append(rows, "($"+strconv.Itoa(len(args)-1)+", $"+strconv.Itoa(len(args))+"::tsvector)")
			continue
		}
		args = append(args, e.ID)
		for _, tokens := range list[i].fields {
			args = append(args, strings.Join(tokens, " "))
		}
		args = append(args, strings.Join(list[i].lists, " "))
		rows = append(rows, "(?, ?, ?, ?, ?, ?)")
	}
	into := "search_words (rowid, title, labels, summary, body, facets)"
	if d == dialect.Postgres {
		into = "search_words (id, words)"
	}
	return "INSERT INTO " + into + " VALUES " + strings.Join(rows, ", "), args
}

// vector is the analysis as a tsvector: tokens with their places and the weights A to D of their fields, and without
// places the facets and the ranges of the entry's number.
func (a analysis) vector(number int64) string {
	places := make(map[string][]string, len(a.counts))
	place := 0
	for f, tokens := range a.fields {
		for _, token := range tokens {
			place = min(place+1, maxPlaces)
			if list := places[token]; place < maxPlaces || len(list) == 0 {
				places[token] = append(list, strconv.Itoa(place)+string("ABCD"[f]))
			}
		}
		place = min(place+fieldGap, maxPlaces)
	}
	var out strings.Builder
	for _, token := range slices.Sorted(maps.Keys(places)) {
		out.WriteString("'" + token + "':" + strings.Join(places[token], ",") + " ")
	}
	marks := slices.Clone(a.lists)
	for _, shift := range rangeShifts {
		marks = append(marks, rangeToken(number, shift))
	}
	for _, token := range marks {
		out.WriteString("'" + facetMark + token + "' ")
	}
	return out.String()
}
