package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/internal/cache"
	"docsquare/internal/store"
)

// What a search reads of the entries of its candidates. An entry of a document of usual length is small, and comes with its candidate: at
// most Most × smallTerms bytes. Of the others, the smallest are read that make up largeTerms bytes, some at a time.
const (
	smallTerms  = 8 << 10
	largeTerms  = 8 << 20
	termsAtOnce = 1 << 20
)

// candidate is a document that matches.
type candidate struct {
	number   int64
	document uuid.UUID
	size     int    // of terms
	terms    []byte // what it is ranked by; nil: it is to be read
}

// rank scores candidates, each document once. A document with some words only counts for so much less. It reports whether it has left
// candidates out because their entries are too large together. It stops when the context ends.
func (x Index) rank(ctx context.Context, r ranker, found []candidate) (hits []Hit, left bool, err error) {
	hits = make([]Hit, 0, len(found))
	read := 0
	defer func() { cache.ReadBytes(ctx, read) }()
	seen := make(map[uuid.UUID]struct{}, len(found))
	var large []candidate
	for _, c := range found {
		if _, ok := seen[c.document]; ok {
			continue
		}
		seen[c.document] = struct{}{}
		if c.terms == nil {
			large = append(large, c)
			continue
		}
		read += c.size
		if hits, err = r.add(ctx, hits, c); err != nil {
			return nil, false, err
		}
	}
	parts, left := batches(large)
	for _, part := range parts {
		if err := x.fill(ctx, part); err != nil {
			return nil, false, err
		}
		for i, c := range part {
			if c.terms == nil {
				continue // it was deleted since
			}
			read += c.size
			if hits, err = r.add(ctx, hits, c); err != nil {
				return nil, false, err
			}
			part[i].terms = nil // no longer in memory
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), slices.Compare(b.Document[:], a.Document[:]))
	})
	return hits, left, nil
}

// add adds a candidate to the hits, if it has enough of what the query needs.
func (r ranker) add(ctx context.Context, hits []Hit, c candidate) ([]Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	score, coverage, err := r.score(c.terms)
	if err == nil && coverage >= leastCoverage {
		hits = append(hits, Hit{c.document, score * coverage})
	}
	return hits, err
}

// batches returns the candidates whose entries are read, the smallest first, in parts that are read at once. It reports whether some are left
// out.
func batches(large []candidate) (parts [][]candidate, left bool) {
	slices.SortFunc(large, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(b.number, a.number)) })
	total, size, from := 0, 0, 0
	for i, c := range large {
		if total += c.size; total > largeTerms {
			large, left = large[:i], true
			break
		}
		if size += c.size; size > termsAtOnce && i > from {
			parts = append(parts, large[from:i])
			from, size = i, c.size
		}
	}
	if from < len(large) {
		parts = append(parts, large[from:])
	}
	return parts, left
}

// fill reads the entries of candidates.
func (x Index) fill(ctx context.Context, part []candidate) error {
	at, args, places := make(map[uuid.UUID]int, len(part)), make([]any, len(part)), make([]string, len(part))
	for i, c := range part {
		at[c.document], args[i], places[i] = i, c.document, "?"
		if x.store.Dialect() == dialect.Postgres {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	statement := "SELECT document_id, terms FROM search_entries WHERE document_id IN (" + strings.Join(places, ", ") + ")"
	_, err := store.Select(ctx, x.store, statement, args, func(rows *entsql.Rows) (struct{}, error) {
		var document uuid.UUID
		var terms []byte
		if err := rows.Scan(&document, &terms); err != nil {
			return struct{}{}, err
		}
		part[at[document]].terms = terms
		return struct{}{}, ctx.Err()
	})
	return err
}
