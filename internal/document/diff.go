package document

import (
	"context"

	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/text/textdiff"
)

// Diffs returns what differs between the texts of two revisions, where both are kept. It does not check the viewer. Texts are compared in the
// places of those that are rendered: at most as many at a time as there are processors.
func (s *Service) Diffs(ctx context.Context, keys []kinds.DiffKey) (map[kinds.DiffKey]*textdiff.Diff, error) {
	return s.cache.Diffs.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.DiffKey) (map[kinds.DiffKey]*textdiff.Diff, error) {
		var revisions []kinds.RevisionKey
		for _, k := range keys {
			revisions = append(revisions, kinds.RevisionKey{Document: k.Document, Number: k.From}, kinds.RevisionKey{Document: k.Document, Number: k.To})
		}
		texts, err := s.Texts(ctx, revisions)
		if err != nil {
			return nil, err
		}
		out := make(map[kinds.DiffKey]*textdiff.Diff, len(keys))
		for i, k := range keys {
			from, to := texts[revisions[2*i]], texts[revisions[2*i+1]]
			if from == nil || to == nil {
				continue
			}
			if out[k], err = s.compare(ctx, from.Body, to.Body); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

func (s *Service) compare(ctx context.Context, from, to string) (*textdiff.Diff, error) {
	leave, err := s.place(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	cache.Process(ctx, len(from)+len(to))
	return textdiff.Compare(from, to), nil
}
