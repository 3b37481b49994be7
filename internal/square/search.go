package square

import (
	"context"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/search"
	"docsquare/internal/text/plaintext"
)

// Asked is the search for a text among the documents that pass a filter.
func Asked(text string, f kinds.SquareFilter) kinds.SearchKey {
	return kinds.SearchKey{Query: search.Normal(text), Filter: f}
}

// SearchOrder names the order of what a search finds for its cursors: another search has another one.
func SearchOrder(k kinds.SearchKey) string {
	f := k.Filter
	name := "search " + k.Query + " " + string(f.Format) + " " + f.Category + " " + f.Tag + " " + f.Author.String()
	if f.Published == (kinds.Days{}) {
		return name
	}
	return fmt.Sprintf("%s %d-%d", name, f.Published.From, f.Published.To)
}

// millionths is a score as the Sort of a page's entry.
const millionths = 1e6

// Score is the score of an entry of a search.
func Score(e page.Entry) float64 { return float64(e.Sort) / millionths }

// Search is what each search finds among the public documents.
func (s *Service) Search(ctx context.Context, keys []kinds.SearchKey) (map[kinds.SearchKey]*kinds.Found, error) {
	return s.cache.Searches.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.SearchKey) (map[kinds.SearchKey]*kinds.Found, error) {
		out := make(map[kinds.SearchKey]*kinds.Found, len(keys))
		for _, k := range keys { // an operation asks for one search, or for a few under aliases
			found, err := s.search(ctx, k)
			if err != nil {
				return nil, err
			}
			out[k] = found
		}
		return out, nil
	})
}

func (s *Service) search(ctx context.Context, k kinds.SearchKey) (*kinds.Found, error) {
	q := search.Parse(k.Query)
	corpus, err := s.corpus(ctx)
	if err != nil || q.Empty() {
		return &kinds.Found{}, err
	}
	frequencies, err := s.frequencies(ctx, q, corpus)
	if err != nil {
		return nil, err
	}
	filter := search.Filter{Format: k.Filter.Format, Category: k.Filter.Category, Author: k.Filter.Author, Published: k.Filter.Published}
	if k.Filter.Tag != "" {
		filter.Tags = []string{k.Filter.Tag}
	}
	result, err := s.index.Find(ctx, q, filter, corpus, frequencies)
	found := &kinds.Found{Hits: make([]page.Entry, len(result.Hits)), Limited: result.Limited}
	for i, h := range result.Hits {
		found.Hits[i] = page.Entry{ID: h.Document, Sort: int64(math.Round(h.Score * millionths))}
	}
	return found, err
}

func (s *Service) frequencies(ctx context.Context, q search.Query, corpus kinds.Corpus) (map[string]int, error) {
	return s.cache.Frequencies.Fetch(ctx, q.Units(), func(ctx context.Context, units []string) (map[string]int, error) {
		return s.index.Frequencies(ctx, corpus, units)
	})
}

// FewHits is how many documents a search finds at least for its query not to be corrected.
const FewHits = 3

// Corrections is each query with its misspelled words replaced by the nearest words of public documents. Queries without such words have none.
func (s *Service) Corrections(ctx context.Context, queries []string) (map[string]string, error) {
	return s.cache.Corrections.Fetch(ctx, queries, func(ctx context.Context, queries []string) (map[string]string, error) {
		out := make(map[string]string, len(queries))
		for _, text := range queries {
			corpus, err := s.corpus(ctx)
			if err != nil {
				return nil, err
			}
			frequencies, err := s.frequencies(ctx, search.Parse(text), corpus)
			if err != nil {
				return nil, err
			}
			if out[text], err = s.index.Correct(ctx, text, frequencies); err != nil {
				return nil, err
			}
		}
		return out, nil
	})
}

func (s *Service) corpus(ctx context.Context) (kinds.Corpus, error) {
	c, _, err := s.cache.Corpus.One(ctx, kinds.Single{}, single(func(ctx context.Context) (*kinds.Corpus, error) {
		c, err := s.index.Corpus(ctx)
		return &c, err
	}))
	if c == nil {
		return kinds.Corpus{}, err
	}
	return *c, err
}

// MaxSuggestions is how many suggestions can be asked for.
const MaxSuggestions = 20

// Begun returns what was typed into a search box as suggestions are looked up. Tags and categories keep what a search folds, such as accents, so the
// text keeps them too.
func Begun(text string) string {
	text = norm.NFC.String(plaintext.OneLine(plaintext.Clip(text, utf8.UTFMax*plaintext.MaxQuery)))
	if runes := []rune(text); len(runes) > plaintext.MaxQuery {
		text = strings.TrimSpace(string(runes[:plaintext.MaxQuery]))
	}
	return text
}

// Suggest is ways to go on with what was typed into a search box: tags and categories that begin so, the fullest first, and
// then documents in whose titles the words begin so.
func (s *Service) Suggest(ctx context.Context, keys []kinds.SuggestionKey) (map[kinds.SuggestionKey][]kinds.Suggestion, error) {
	return s.cache.Suggestions.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.SuggestionKey) (map[kinds.SuggestionKey][]kinds.Suggestion, error) {
		out := make(map[kinds.SuggestionKey][]kinds.Suggestion, len(keys))
		for _, k := range keys {
			list, err := s.suggest(ctx, k)
			if err != nil {
				return nil, err
			}
			out[k] = list
		}
		return out, nil
	})
}

func (s *Service) suggest(ctx context.Context, k kinds.SuggestionKey) ([]kinds.Suggestion, error) {
	list, err := s.named(ctx, k.Prefix, (k.First+1)/2)
	if err != nil {
		return nil, err
	}
	corpus, err := s.corpus(ctx)
	if err != nil {
		return nil, err
	}
	titles, err := s.index.Titles(ctx, search.Normal(k.Prefix), k.First-len(list), corpus)
	for _, id := range titles {
		list = append(list, kinds.Suggestion{Kind: kinds.SuggestTitle, Document: id, Documents: 1})
	}
	return list, err
}
