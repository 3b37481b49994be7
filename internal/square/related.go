package square

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store/present"
	"docsquare/internal/text/plaintext"
)

// MaxRelated is how many related documents a document has at most.
const MaxRelated = 20

// What related documents share with a document, and how much it counts: the words of its title and tags, by the score of the search in
// relation to the best hit; its tags, of which each counts its share; its category.
const (
	sharedWords    = 1.0
	sharedTags     = 0.5
	sharedCategory = 0.25
)

// Related returns the public documents that are nearest to each document, the nearest first.
func (s *Service) Related(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	return s.cache.Related.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
		docs, err := s.store.DB.Document.Query().Where(document.IDIn(ids...), present.Document()).All(ctx)
		if err != nil {
			return nil, err
		}
		out := make(map[uuid.UUID][]uuid.UUID, len(docs))
		for _, d := range docs { // each costs a search
			if out[d.ID], err = s.related(ctx, d); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

func (s *Service) related(ctx context.Context, d *ent.Document) ([]uuid.UUID, error) {
	found, err := s.search(ctx, Asked(words(d), kinds.SquareFilter{}))
	if err != nil {
		return nil, err
	}
	nearness := map[uuid.UUID]float64{}
	for _, h := range found.Hits {
		nearness[h.ID] = sharedWords * float64(h.Sort) / float64(max(found.Hits[0].Sort, 1))
	}
	var keys []kinds.SquareKey
	for _, tag := range d.Tags {
		keys = append(keys, newest(kinds.SquareFilter{Tag: plaintext.TagKey(tag)}))
	}
	if d.Category != nil {
		keys = append(keys, newest(kinds.SquareFilter{Category: *d.Category}))
	}
	pages, err := s.Pages(ctx, keys)
	for i, k := range keys { // in one order, for sums of fractions depend on it
		weight := sharedCategory
		if i < len(d.Tags) {
			weight = sharedTags / float64(len(d.Tags))
		}
		for _, e := range pages[k].Entries {
			nearness[e.ID] += weight
		}
	}
	delete(nearness, d.ID)
	return nearest(nearness), err
}

// newest returns the page of the last published documents of a filter, as lists ask for it.
func newest(f kinds.SquareFilter) kinds.SquareKey {
	return kinds.SquareKey{Filter: f, Order: kinds.SquareOrder{Field: kinds.OrderPublished}, Args: page.Args{Size: page.DefaultSize}}
}

var operators = strings.NewReplacer(`"`, " ", "*", " ", "-", " ")

// words returns the title and the tags of a document as the text of a search, without its operators.
func words(d *ent.Document) string {
	return operators.Replace(d.Title + " " + strings.Join(d.Tags, " "))
}

// nearest returns the documents with the largest values.
func nearest(nearness map[uuid.UUID]float64) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(nearness))
	for id := range nearness {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int {
		return cmp.Or(cmp.Compare(nearness[b], nearness[a]), slices.Compare(b[:], a[:]))
	})
	return slices.Clone(ids[:min(MaxRelated, len(ids))])
}
