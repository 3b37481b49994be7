package search

import (
	"context"
	"fmt"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/google/uuid"

	entsql "entgo.io/ent/dialect/sql"

	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Index finds documents.
type Index struct {
	store    *store.Store
	analysed func() // may be nil
}

// New is the index of a store.
func New(s *store.Store) Index { return Index{store: s} }

// Watched returns the index with a function that each analysis of a text calls.
func (x Index) Watched(analysed func()) Index {
	x.analysed = analysed
	return x
}

const (
	// Most is how many documents are ranked for one query: where more match, the newest of them.
	Most = 1000

	// enough is how many documents with every word make those with some of them superfluous.
	enough = 20

	// leastCoverage is the part of a query's worth that a document with some of its words must have.
	leastCoverage = 0.45
)

// Hit is a document that was found.
type Hit struct {
	Document uuid.UUID
	Score    float64
}

// Result is what a query finds, the best first; equals by identifier, the larger first.
type Result struct {
	Hits    []Hit
	Limited bool // more documents match than were ranked
}

// Find searches the public documents that pass a filter. Where few have every word, those that have most follow. It takes
// what Corpus and Frequencies have returned, for the query's Units, now or a while ago.
func (x Index) Find(ctx context.Context, q Query, f Filter, corpus kinds.Corpus, frequencies map[string]int) (Result, error) {
	if q.Empty() {
		return Result{}, nil
	}
	g, r := grammarOf(x.store.Dialect()), newRanker(q.units(), corpus, frequencies)
	found, err := x.candidates(ctx, g.demandOf(q, f, false))
	if err != nil {
		return Result{}, err
	}
	result := Result{Limited: len(found) == Most}
	if len(found) < enough && len(r.units) > 1 {
		more, err := x.candidates(ctx, g.relaxed(q, f, r.rarest()))
		if err != nil {
			return Result{}, err
		}
		found = append(found, more...)
	}
	var left bool
	result.Hits, left, err = x.rank(ctx, r, found)
	result.Limited = result.Limited || left
	return result, err
}

// Titles is the documents in whose titles the words begin so, the best first.
func (x Index) Titles(ctx context.Context, words string, limit int, corpus kinds.Corpus) ([]uuid.UUID, error) {
	q := Parse(strings.TrimRight(words, " *") + "*")
	if q.Empty() {
		return nil, nil
	}
	found, err := x.candidates(ctx, grammarOf(x.store.Dialect()).demandOf(q, Filter{}, true))
	if err != nil {
		return nil, err
	}
	hits, _, err := x.rank(ctx, newRanker(q.units(), corpus, nil), found)
	ids := make([]uuid.UUID, 0, limit)
	for _, h := range hits[:min(limit, len(hits))] {
		ids = append(ids, h.Document)
	}
	return ids, err
}

// candidates is the newest documents that meet a demand. SQLite reads its index from the newest on. PostgreSQL is asked for
// the newest ranges, and for larger ones while there are too few: it does as much as there is to find, not as there is.
func (x Index) candidates(ctx context.Context, d demand) ([]candidate, error) {
	g := grammarOf(x.store.Dialect())
	if x.store.Dialect() != dialect.Postgres {
		return x.read(ctx, sqliteCandidates, g.expression(d), d.prefixes)
	}
	found, err := x.read(ctx, postgresNewest, g.expression(d), nil)
	if err != nil {
		return nil, err
	}
	last := found[0].number // there is a row, if only to tell
	if found[0].document == uuid.Nil {
		found = nil
	}
	for i, shift := range rangeShifts {
		if _, everything := newest(last, shift); everything || len(found) == Most {
			return found, nil
		}
		d.within = nil
		if i+1 < len(rangeShifts) {
			d.within, _ = newest(last, rangeShifts[i+1])
		}
		if found, err = x.read(ctx, postgresCandidates, g.expression(d), nil); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// The statements give the number of an entry, or of the last of all, then the size of what it is ranked by, its document, and what it is ranked by
// if that is small. The one for the newest ranges finds out itself which these are.
const (
	postgresColumns  = "OCTET_LENGTH(e.terms), e.document_id, CASE WHEN OCTET_LENGTH(e.terms) <= $3 THEN e.terms END"
	sqliteCandidates = "SELECT e.id, OCTET_LENGTH(e.terms), e.document_id, CASE WHEN OCTET_LENGTH(e.terms) <= ?3 THEN e.terms END FROM (SELECT rowid AS id FROM search_words WHERE search_words MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS found " +
		"JOIN search_entries AS e ON e.id = found.id"
	postgresCandidates = "WITH found AS MATERIALIZED (SELECT id FROM search_words WHERE words @@ $1::tsquery), " +
		"newest AS MATERIALIZED (SELECT id FROM found ORDER BY id DESC LIMIT $2) " +
		"SELECT e.id, " + postgresColumns + " FROM newest JOIN search_entries AS e ON e.id = newest.id"
	postgresNewest = "WITH last AS MATERIALIZED (SELECT COALESCE(MAX(id), 0) AS id FROM search_entries), " +
		"found AS MATERIALIZED (SELECT w.id FROM last, search_words AS w WHERE w.words @@ (CAST($1 AS text) || ' & (''~r12.' || (last.id >> 12) || " +
		"''' | ''~r12.' || GREATEST((last.id >> 12) - 1, 0) || ''')')::tsquery), " +
		"newest AS MATERIALIZED (SELECT id FROM found ORDER BY id DESC LIMIT $2) " +
		"SELECT last.id, " + postgresColumns + " FROM last LEFT JOIN newest ON true LEFT JOIN search_entries AS e ON e.id = newest.id"
)

func (x Index) read(ctx context.Context, statement, expression string, prefixes []string) ([]candidate, error) {
	statement, more := x.prefixPages(statement, prefixes, 4, 4)
	found, err := store.Select(ctx, x.store, statement, append([]any{expression, Most, smallTerms}, more...), func(rows *entsql.Rows) (c candidate, err error) {
		var document *uuid.UUID
		var size *int
		if err := rows.Scan(&c.number, &size, &document, &c.terms); err != nil || size == nil {
			return c, err
		}
		if c.number == prefixNumber {
			readPages(ctx, *size) // also if the time for the rest is over
			return c, nil
		}
		c.document, c.size = *document, *size
		return c, ctx.Err()
	})
	if len(more) > 0 && len(found) > 0 {
		found = found[1:]
	}
	return found, err
}

func (x Index) newest(ctx context.Context) (int64, error) {
	found, err := store.Select(ctx, x.store, "SELECT COALESCE(MAX(id), 0) FROM search_entries", nil, scanInt)
	if err != nil {
		return 0, err
	}
	return found[0], nil // an aggregate has one row
}

func scanInt(rows *entsql.Rows) (n int64, err error) { return n, rows.Scan(&n) }

// sample is how many of the newest entries tell how long fields are.
const sample = 1000

// Corpus reads what the ranking knows of all documents.
func (x Index) Corpus(ctx context.Context) (kinds.Corpus, error) {
	last, err := x.newest(ctx)
	if err != nil {
		return kinds.Corpus{}, err
	}
	c := kinds.Corpus{From: max(last>>corpusShift-1, 0) << corpusShift, Averages: make([]float64, fieldCount)}
	sizes, err := store.Select(ctx, x.store, fmt.Sprintf("SELECT COUNT(*) FROM search_entries WHERE id >= %d", c.From), nil, scanInt)
	if err != nil {
		return kinds.Corpus{}, err
	}
	c.Size = int(sizes[0])
	heads, err := store.Select(ctx, x.store, fmt.Sprintf("SELECT SUBSTR(terms, 1, 24) FROM search_entries WHERE id >= %d ORDER BY id DESC LIMIT %d", c.From, sample), nil,
		func(rows *entsql.Rows) (head []byte, err error) { return head, rows.Scan(&head) })
	for _, head := range heads {
		length, _, err := lengths(head)
		if err != nil {
			return kinds.Corpus{}, err
		}
		for f, n := range length {
			c.Averages[f] += float64(n) / float64(len(heads))
		}
	}
	return c, err
}

// Frequencies is how many documents of the corpus have each unit of queries: see Query.Units.
func (x Index) Frequencies(ctx context.Context, corpus kinds.Corpus, units []string) (map[string]int, error) {
	g := grammarOf(x.store.Dialect())
	parts, args := make([]string, len(units)), make([]any, len(units))
	var prefixes []string
	for i, key := range units {
		u := unitOf(key)
		d := demand{all: []string{g.unit(u, false)}}
		prefixes = append(prefixes, u.beginning()...)
		if x.store.Dialect() == dialect.Postgres {
			d.within = []string{rangeToken(corpus.From, corpusShift), rangeToken(corpus.From+1<<corpusShift, corpusShift)}
			parts[i] = fmt.Sprintf("SELECT %d, COUNT(*) FROM search_words WHERE words @@ $%d::tsquery", i, i+1)
		} else {
			parts[i] = fmt.Sprintf("SELECT %d, COUNT(*) FROM search_words WHERE search_words MATCH ? AND rowid >= %d", i, corpus.From)
		}
		args[i] = g.expression(d)
	}
	statement, more := x.prefixPages(strings.Join(parts, " UNION ALL "), prefixes, 2, 1)
	rows, err := store.Select(ctx, x.store, statement, append(more, args...), func(rows *entsql.Rows) (row [2]int, err error) {
		if err = rows.Scan(&row[0], &row[1]); row[0] == prefixNumber {
			readPages(ctx, row[1])
		}
		return row, err
	})
	out := make(map[string]int, len(units))
	for _, row := range rows {
		if row[0] != prefixNumber {
			out[units[row[0]]] = row[1]
		}
	}
	return out, err
}
