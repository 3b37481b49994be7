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
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Entry is what the index has of a document: everything that takes work is done. Nil is that of a document that is not public, which has
// no place in the index.
type Entry struct {
	terms []byte
	words []any  // columns of search_words but the number and the last; PostgreSQL has no others
	last  string // the last column: the facets, or the vector of PostgreSQL. wordsStatement adds what depends on the rows as they are written
}

// Analyse returns the entry of a document and its text. It takes time in proportion to the text: call it outside a transaction.
func (x Index) Analyse(d *ent.Document, text string) *Entry {
	if d.Visibility != document.VisibilityPublic {
		return nil
	}
	if x.analysed != nil {
		x.analysed()
	}
	a := analyse(d, text)
	e := &Entry{terms: a.encode()}
	if x.store.Dialect() == dialect.Postgres {
		e.last = a.vector()
		return e
	}
	for f := range a.fields {
		e.words = append(e.words, strings.Join(a.indexed(field(f)), " "))
	}
	e.last = strings.Join(a.lists, " ")
	return e
}

// Put brings the index to the state of a document, in the transaction that writes it. The document is as it was written: its publication may be newer
// than the entry.
func Put(ctx context.Context, tx *store.Tx, d *ent.Document, e *Entry) error {
	if err := Remove(ctx, tx, d.ID); err != nil || e == nil {
		return err
	}
	return put(ctx, tx, []*ent.Document{d}, []*Entry{e})
}

// Remove takes documents out of the index. The words of an entry go with it.
func Remove(ctx context.Context, tx *store.Tx, ids ...uuid.UUID) error {
	_, err := tx.SearchEntry.Delete().Where(searchentry.DocumentIDIn(ids...)).Exec(ctx)
	return err
}

// put writes the entries of documents that have none.
func put(ctx context.Context, tx *store.Tx, docs []*ent.Document, list []*Entry) error {
	rows, err := tx.SearchEntry.MapCreateBulk(list, func(create *ent.SearchEntryCreate, i int) {
		create.SetDocumentID(docs[i].ID).SetTerms(list[i].terms)
	}).Save(ctx)
	if err != nil {
		return err
	}
	statement, args := wordsStatement(tx.Dialect(), rows, docs, list)
	_, err = tx.ExecContext(ctx, statement, args...)
	return err
}

// wordsStatement writes the words of the entries of documents.
func wordsStatement(d string, entries []*ent.SearchEntry, docs []*ent.Document, list []*Entry) (string, []any) {
	var rows []string
	var args []any
	for i, e := range entries {
		args = append(append(args, e.ID), list[i].words...)
		var published []string
		if at := docs[i].PublishedAt; at != nil {
			published = publishedOn(kinds.DayOf(*at))
		}
		if d == dialect.Postgres {
			args = append(args, list[i].last+facetsOf(published)+ranges(int64(e.ID)))
			rows = append(rows, "($"+strconv.Itoa(len(args)-1)+", $"+strconv.Itoa(len(args))+"::tsvector)")
			continue
		}
		args = append(args, strings.TrimSpace(list[i].last+" "+strings.Join(published, " ")))
		rows = append(rows, "(?, ?, ?, ?, ?, ?)")
	}
	into := "search_words (rowid, title, labels, summary, body, facets)"
	if d == dialect.Postgres {
		into = "search_words (id, words)"
	}
	return "INSERT INTO " + into + " VALUES " + strings.Join(rows, ", "), args
}

// vector is the analysis as a tsvector: tokens with their places and the weights A to D of their fields, and without
// places the facets. The days of the publication and the ranges of the entry's number are to follow.
func (a analysis) vector() string {
	places := make(map[string][]string, len(a.counts))
	place := 0
	for f := range a.fields {
		for _, token := range a.indexed(field(f)) {
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
	return out.String() + facetsOf(a.lists)
}

// facetsOf returns facets as a part of a vector.
func facetsOf(tokens []string) string {
	var out strings.Builder
	for _, token := range tokens {
		out.WriteString("'" + facetMark + token + "' ")
	}
	return out.String()
}

// ranges is the end of a vector: the ranges that the number of its entry is in.
func ranges(number int64) string {
	var out strings.Builder
	for _, shift := range rangeShifts {
		out.WriteString("'" + facetMark + rangeToken(number, shift) + "' ")
	}
	return out.String()
}
