package square

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/viewday"
	"docsquare/internal/cache"
	"docsquare/internal/page"
	"docsquare/internal/rank"
)

// Trending is the hottest public documents by what happened to them within each window; where too few were touched, the
// newest follow.
func (s *Service) Trending(ctx context.Context, keys []cache.TrendingKey) (map[cache.TrendingKey][]uuid.UUID, error) {
	return s.cache.Trending.Fetch(ctx, keys, func(ctx context.Context, keys []cache.TrendingKey) (map[cache.TrendingKey][]uuid.UUID, error) {
		rankings := make(map[cache.TrendingKey][]uuid.UUID, len(keys))
		for _, k := range keys { // an operation asks for one ranking, or for a few under aliases
			ids, err := s.rank(ctx, k)
			if err != nil {
				return nil, err
			}
			rankings[k] = ids
		}
		return rankings, nil
	})
}

func (s *Service) rank(ctx context.Context, k cache.TrendingKey) ([]uuid.UUID, error) {
	now := time.Now().UTC()
	signals, err := s.signals(ctx, now.AddDate(0, 0, -k.Days))
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, 0, len(signals))
	for id := range signals {
		ids = append(ids, id)
	}
	hot := map[uuid.UUID]float64{}
	for chunk := range slices.Chunk(ids, 500) {
		docs, err := s.store.DB.Document.Query().Where(document.IDIn(chunk...), document.VisibilityEQ(document.VisibilityPublic)).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			hot[d.ID] = rank.Hot(*signals[d.ID], now.Sub(d.CreatedAt))
		}
	}
	ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool { return hot[id] == 0 })
	slices.SortFunc(ids, func(a, b uuid.UUID) int {
		return cmp.Or(cmp.Compare(hot[b], hot[a]), cmp.Compare(a.String(), b.String()))
	})
	if len(ids) >= k.First {
		return ids[:k.First], nil
	}
	return s.newest(ctx, ids, k.First)
}

// newest fills a ranking up with the newest public documents.
func (s *Service) newest(ctx context.Context, ids []uuid.UUID, size int) ([]uuid.UUID, error) {
	key := cache.SquareKey{Order: cache.SquareOrder{Field: cache.OrderCreated}, Args: page.Args{Size: page.MaxSize}}
	head, err := s.listing(key).Page(ctx, s.store, key.Args)
	for _, e := range head.Entries {
		if len(ids) < size && !slices.Contains(ids, e.ID) {
			ids = append(ids, e.ID)
		}
	}
	return ids, err
}

// signals is what happened to each document since a moment.
func (s *Service) signals(ctx context.Context, since time.Time) (map[uuid.UUID]*rank.Signals, error) {
	out := map[uuid.UUID]*rank.Signals{}
	add := func(rows []counted, to func(*rank.Signals) *int64) {
		for _, r := range rows {
			if out[r.Document] == nil {
				out[r.Document] = &rank.Signals{}
			}
			*to(out[r.Document]) += r.Count
		}
	}
	var views, likes, favorites, comments []counted
	db := s.store.DB
	err := cmp.Or(
		db.ViewDay.Query().Where(viewday.DayGTE(int(since.Unix()/86400))).GroupBy(viewday.FieldDocumentID).
			Aggregate(ent.As(ent.Sum(viewday.FieldViews), "count")).Scan(ctx, &views),
		db.Like.Query().Where(like.CreatedAtGTE(since)).GroupBy(like.FieldDocumentID).Aggregate(ent.Count()).Scan(ctx, &likes),
		db.Favorite.Query().Where(favorite.CreatedAtGTE(since)).GroupBy(favorite.FieldDocumentID).Aggregate(ent.Count()).Scan(ctx, &favorites),
		db.Comment.Query().Where(comment.CreatedAtGTE(since)).GroupBy(comment.FieldDocumentID).Aggregate(ent.Count()).Scan(ctx, &comments),
	)
	add(views, func(s *rank.Signals) *int64 { return &s.Views })
	add(likes, func(s *rank.Signals) *int64 { return &s.Likes })
	add(favorites, func(s *rank.Signals) *int64 { return &s.Favorites })
	add(comments, func(s *rank.Signals) *int64 { return &s.Comments })
	return out, err
}

// counted is how often something happened to a document.
type counted struct {
	Document uuid.UUID `json:"document_id"`
	Count    int64     `json:"count"`
}
