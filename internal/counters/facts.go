package counters

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/viewday"
	"docsquare/internal/counters/rank"
	"docsquare/internal/store"
)

const day = 24 * time.Hour

// DayOf numbers the day of a moment, as the views of days are: days since 1970 in UTC.
func DayOf(at time.Time) int { return int(at.Unix() / int64(day/time.Second)) }

// facts sets statistics to the counts of the rows.
type facts struct {
	tx    *store.Tx
	ids   []uuid.UUID
	stats map[uuid.UUID]*ent.DocumentStats
}

// read reads everything that is counted about the documents.
func (f facts) read(ctx context.Context) error {
	for _, part := range []func(context.Context) error{f.documents, f.likes, f.favorites, f.comments, f.views} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	for _, st := range f.stats {
		st.Popularity = st.Likes + st.Favorites + st.Comments
	}
	return nil
}

// documents resets the statistics of each document.
func (f facts) documents(ctx context.Context) error {
	docs, err := f.tx.Document.Query().Where(document.IDIn(f.ids...)).All(ctx)
	for _, d := range docs {
		if st := f.stats[d.ID]; st != nil {
			*st = ent.DocumentStats{
				ID: st.ID, DocumentID: d.ID, Listed: d.Visibility == document.VisibilityPublic, Format: string(d.Format), Category: d.Category,
			}
			born(st, d.CreatedAt)
		}
	}
	return err
}

func (f facts) likes(ctx context.Context) error {
	rows, err := f.tx.Like.Query().Where(like.DocumentIDIn(f.ids...)).Select(like.FieldDocumentID, like.FieldCreatedAt).All(ctx) //nolint:forbidigo // counted here, kept nowhere
	for _, l := range rows {
		f.stats[l.DocumentID].Likes++
		heat(f.stats[l.DocumentID], rank.Signal{Weight: rank.Like, At: l.CreatedAt})
	}
	return err
}

func (f facts) favorites(ctx context.Context) error {
	rows, err := f.tx.Favorite.Query().Where(favorite.DocumentIDIn(f.ids...)).Select(favorite.FieldDocumentID, favorite.FieldCreatedAt).All(ctx) //nolint:forbidigo // counted here, kept nowhere
	for _, l := range rows {
		f.stats[l.DocumentID].Favorites++
		heat(f.stats[l.DocumentID], rank.Signal{Weight: rank.Favorite, At: l.CreatedAt})
	}
	return err
}

func (f facts) comments(ctx context.Context) error {
	on := f.tx.Comment.Query().Where(comment.DocumentIDIn(f.ids...))
	rows, err := on.Select(comment.FieldDocumentID, comment.FieldCreatedAt, comment.FieldParentID).All(ctx) //nolint:forbidigo // counted here, kept nowhere
	for _, c := range rows {
		f.stats[c.DocumentID].Comments++
		if c.ParentID == nil {
			f.stats[c.DocumentID].TopComments++
		}
		heat(f.stats[c.DocumentID], rank.Signal{Weight: rank.Comment, At: c.CreatedAt})
	}
	return err
}

// views takes the views of a day to be of its noon.
func (f facts) views(ctx context.Context) error {
	rows, err := f.tx.ViewDay.Query().Where(viewday.DocumentIDIn(f.ids...)).All(ctx)
	for _, v := range rows {
		st := f.stats[v.DocumentID]
		st.Views += v.Views
		heat(st, rank.Signal{Weight: rank.View * float64(v.Views), At: time.Unix(0, 0).Add(time.Duration(v.Day)*day + day/2)})
	}
	return err
}
