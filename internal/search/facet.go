package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/text/plaintext"
)

// Filter selects public documents. Empty fields filter nothing.
type Filter struct {
	Format    document.Format
	Category  string
	Tags      []string // all of them
	Author    uuid.UUID
	Published kinds.Days
}

func filterOf(d *ent.Document) Filter {
	f := Filter{Format: d.Format, Tags: d.Tags, Author: d.AuthorID}
	if d.Category != nil {
		f.Category = *d.Category
	}
	return f
}

// facets returns the tokens of a filter. They are in the index together with those of the text, so that the engine itself
// intersects the matches with the filter, however large either is.
func facets(f Filter) []string {
	var list []string
	if f.Format != "" {
		list = append(list, facet("f", string(f.Format)))
	}
	if f.Category != "" {
		list = append(list, facet("c", f.Category))
	}
	if f.Author != uuid.Nil {
		list = append(list, facet("a", f.Author.String()))
	}
	for _, t := range f.Tags {
		list = append(list, facet("t", plaintext.TagKey(t)))
	}
	return list
}

// An entry carries blocks of days that the day of its publication is in. The smallest is the day, and each of the others has 8 of those before. So
// the engine intersects matches with any days by a few dozen tokens.
const (
	blockShift = 3
	topShift   = 6 * blockShift   // of 262,144 days
	lastDay    = 16<<topShift - 1 // no day is after it
)

// publishedOn returns the tokens of the blocks that a day is in.
func publishedOn(day kinds.Day) []string {
	var list []string
	for shift := 0; shift <= topShift; shift += blockShift {
		list = append(list, block(int(day), shift))
	}
	return list
}

// publishedIn returns the tokens of the fewest blocks that together are the given days: an entry with one of them was published then. It returns none for
// all days.
func publishedIn(days kinds.Days) []string {
	if days == (kinds.Days{}) {
		return nil
	}
	var list []string
	from, to := int(days.From), lastDay
	if days.To != 0 {
		to = int(days.To)
	}
	for from <= to {
		shift := 0
		for next := blockShift; next <= topShift && from%(1<<next) == 0 && from+1<<next-1 <= to; next += blockShift {
			shift = next
		}
		list = append(list, block(from, shift))
		from += 1 << shift
	}
	return list
}

// block is the token of the block with a day, of 2^shift days.
func block(day, shift int) string { return facet("p", fmt.Sprintf("%d.%d", shift, day>>shift)) }

func facet(kind, name string) string {
	sum := sha256.Sum256([]byte(name))
	return kind + hex.EncodeToString(sum[:8])
}
