package interaction

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/commentlike"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
)

// Likes returns the documents that each account likes.
func (s *Service) Likes(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]*kinds.MarkSet, error) {
	return s.cache.Likes.Fetch(ctx, users, markSets(func(ctx context.Context, user uuid.UUID, limit int) (documents []uuid.UUID, err error) {
		newest := s.store.DB.Like.Query().Where(like.UserID(user)).Order(ent.Desc(like.FieldCreatedAt, like.FieldDocumentID)).Limit(limit)
		err = newest.Select(like.FieldDocumentID).Scan(ctx, &documents) //nolint:forbidigo // a mark is no entity of the cache
		return documents, err
	}))
}

// Favorites returns the documents among the favorites of each account.
func (s *Service) Favorites(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]*kinds.MarkSet, error) {
	return s.cache.Favorites.Fetch(ctx, users, markSets(func(ctx context.Context, user uuid.UUID, limit int) (documents []uuid.UUID, err error) {
		newest := s.store.DB.Favorite.Query().Where(favorite.UserID(user)).Order(ent.Desc(favorite.FieldCreatedAt, favorite.FieldDocumentID)).Limit(limit)
		err = newest.Select(favorite.FieldDocumentID).Scan(ctx, &documents) //nolint:forbidigo // a mark is no entity of the cache
		return documents, err
	}))
}

// CommentLikes returns the comments that each account likes.
func (s *Service) CommentLikes(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]*kinds.MarkSet, error) {
	return s.cache.CommentLikes.Fetch(ctx, users, markSets(func(ctx context.Context, user uuid.UUID, limit int) (comments []uuid.UUID, err error) {
		newest := s.store.DB.CommentLike.Query().Where(commentlike.UserID(user)).Order(ent.Desc(commentlike.FieldCreatedAt, commentlike.FieldCommentID)).Limit(limit)
		err = newest.Select(commentlike.FieldCommentID).Scan(ctx, &comments) //nolint:forbidigo // a mark is no entity of the cache
		return comments, err
	}))
}

// markSets loads sets of marks with a function that finds the newest subjects that an account has marked. Keys of one operation have
// one account.
func markSets(newest func(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error)) cache.Load[uuid.UUID, *kinds.MarkSet] {
	return func(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]*kinds.MarkSet, error) {
		sets := make(map[uuid.UUID]*kinds.MarkSet, len(users))
		for _, user := range users {
			subjects, err := newest(ctx, user, kinds.MaxMarks+1)
			if err != nil {
				return nil, err
			}
			sets[user] = kinds.NewMarkSet(subjects)
		}
		return sets, nil
	}
}

// Liked returns for each account and document whether the one likes the other. Ask Likes first: it answers most of them.
func (s *Service) Liked(ctx context.Context, keys []kinds.MarkKey) (map[kinds.MarkKey]bool, error) {
	return s.cache.Liked.Fetch(ctx, keys, marks(func(ctx context.Context, user uuid.UUID, among []uuid.UUID) (documents []uuid.UUID, err error) {
		err = s.store.DB.Like.Query().Where(like.UserID(user), like.DocumentIDIn(among...)).Select(like.FieldDocumentID).Scan(ctx, &documents) //nolint:forbidigo // a mark is no entity of the cache
		return documents, err
	}))
}

// Favorited returns for each account and document whether the one has the other among its favorites. Ask Favorites first.
func (s *Service) Favorited(ctx context.Context, keys []kinds.MarkKey) (map[kinds.MarkKey]bool, error) {
	return s.cache.Favorited.Fetch(ctx, keys, marks(func(ctx context.Context, user uuid.UUID, among []uuid.UUID) (documents []uuid.UUID, err error) {
		err = s.store.DB.Favorite.Query().Where(favorite.UserID(user), favorite.DocumentIDIn(among...)).Select(favorite.FieldDocumentID).Scan(ctx, &documents) //nolint:forbidigo // a mark is no entity of the cache
		return documents, err
	}))
}

// CommentLiked returns for each account and comment whether the one likes the other. Ask CommentLikes first.
func (s *Service) CommentLiked(ctx context.Context, keys []kinds.MarkKey) (map[kinds.MarkKey]bool, error) {
	return s.cache.CommentLiked.Fetch(ctx, keys, marks(func(ctx context.Context, user uuid.UUID, among []uuid.UUID) (comments []uuid.UUID, err error) {
		err = s.store.DB.CommentLike.Query().Where(commentlike.UserID(user), commentlike.CommentIDIn(among...)).Select(commentlike.FieldCommentID).Scan(ctx, &comments) //nolint:forbidigo // a mark is no entity of the cache
		return comments, err
	}))
}

// marks loads single marks with a function that finds those that an account has among subjects: true for the subjects that it
// finds, false for the others.
func marks(find func(ctx context.Context, user uuid.UUID, among []uuid.UUID) ([]uuid.UUID, error)) cache.Load[kinds.MarkKey, bool] {
	return func(ctx context.Context, keys []kinds.MarkKey) (map[kinds.MarkKey]bool, error) {
		subjects := map[uuid.UUID][]uuid.UUID{}
		out := make(map[kinds.MarkKey]bool, len(keys))
		for _, k := range keys {
			subjects[k.User] = append(subjects[k.User], k.Subject)
			out[k] = false
		}
		for user, among := range subjects {
			found, err := find(ctx, user, among)
			if err != nil {
				return nil, err
			}
			for _, id := range found {
				out[kinds.MarkKey{User: user, Subject: id}] = true
			}
		}
		return out, nil
	}
}
