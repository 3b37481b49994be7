package seed

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/comment"
	"docsquare/ent/favorite"
	"docsquare/ent/like"
	"docsquare/ent/viewday"
	"docsquare/internal/store"
)

// mark is a like or a favorite.
type mark struct {
	user, document uuid.UUID
	at             time.Time
}

func (c *community) like(ctx context.Context) error {
	rows, total := c.marks(likeStage, likeShare)
	return write(ctx, c, "likes", rows, total, func(tx *store.Tx, rows []mark) error {
		return tx.Like.MapCreateBulk(rows, func(create *ent.LikeCreate, i int) {
			create.SetUserID(rows[i].user).SetDocumentID(rows[i].document).SetCreatedAt(rows[i].at)
		}).OnConflictColumns(like.FieldUserID, like.FieldDocumentID).Ignore().Exec(ctx)
	})
}

func (c *community) keep(ctx context.Context) error {
	rows, total := c.marks(keepStage, favoriteShare)
	return write(ctx, c, "favorites", rows, total, func(tx *store.Tx, rows []mark) error {
		return tx.Favorite.MapCreateBulk(rows, func(create *ent.FavoriteCreate, i int) {
			create.SetUserID(rows[i].user).SetDocumentID(rows[i].document).SetCreatedAt(rows[i].at)
		}).OnConflictColumns(favorite.FieldUserID, favorite.FieldDocumentID).Ignore().Exec(ctx)
	})
}

// most is how many readers mark the same document or comment: even the most popular one leaves a fifth of the readers cold.
func (c *community) most() int { return max(1, len(c.readers)*4/5) }

// marks is marks that differ in reader or document, and how many.
func (c *community) marks(stage uint64, share float64) (rows func(yield func(mark) bool), total int) {
	r := c.random(stage)
	quotas := c.quotas(r, int(float64(c.o.Interactions)*share), c.most())
	return func(yield func(mark) bool) {
		crowd := c.crowd(r)
		for i, t := range c.targets {
			crowd.reset()
			for range quotas[i] {
				u := c.readers[crowd.another()]
				if !yield(mark{u.id, t.id, c.moment(r, later(t.created, u.since))}) {
					return
				}
			}
		}
	}, sum(quotas)
}

// remark is a comment or a reply.
type remark struct {
	id, document, author uuid.UUID
	parent               *uuid.UUID
	body                 string
	at                   time.Time
}

func (c *community) comment(ctx context.Context) error {
	rows, total := c.remarks()
	return write(ctx, c, "comments", rows, total, func(tx *store.Tx, rows []remark) error {
		return tx.Comment.MapCreateBulk(rows, func(create *ent.CommentCreate, i int) {
			m := rows[i]
			create.SetID(m.id).SetDocumentID(m.document).SetAuthorID(m.author).SetNillableParentID(m.parent).SetBody(m.body).
				SetCreatedAt(m.at).SetUpdatedAt(m.at)
		}).OnConflictColumns(comment.FieldID).Ignore().Exec(ctx)
	})
}

// remarks returns the comments of all documents, the same in each call, and how many.
func (c *community) remarks() (rows func(yield func(remark) bool), total int) {
	r := c.random(commentStage)
	total = c.o.Interactions - int(float64(c.o.Interactions)*likeShare) - int(float64(c.o.Interactions)*favoriteShare)
	quotas := c.quotas(r, total, total+1)
	return func(yield func(remark) bool) {
		crowd := c.crowd(r)
		for i, t := range c.targets {
			if !c.discuss(r, crowd, t, quotas[i], yield) {
				return
			}
		}
	}, total
}

// discuss comments on one document: first a comment, then comments and replies to those before. The identifiers are made
// of the document's moment, not the comment's, for that one moves with the day of the run.
func (c *community) discuss(r *rand.Rand, crowd *crowd, t target, comments int, yield func(remark) bool) bool {
	var tops []remark
	for range comments {
		u := c.readers[crowd.one()]
		m := remark{id: newID(r, t.created), document: t.id, author: u.id}
		if len(tops) > 0 && r.Float64() < replyShare {
			top := tops[r.IntN(len(tops))]
			m.parent, m.body, m.at = &top.id, reply(r, t.chinese), c.moment(r, later(top.at, u.since))
		} else {
			m.body, m.at = opinion(r, t.chinese), c.moment(r, later(t.created, u.since))
			tops = append(tops, m)
		}
		if !yield(m) {
			return false
		}
	}
	return true
}

// seen is the views of a document on one day.
type seen struct {
	document uuid.UUID
	day      int
	views    int64
}

func (c *community) view(ctx context.Context) error {
	r := c.random(viewStage)
	quotas := c.quotas(r, c.o.Interactions, c.o.Interactions+1)
	rows := func(yield func(seen) bool) {
		for i, t := range c.targets {
			if !c.days(r, t, quotas[i]*viewsPerAction, yield) {
				return
			}
		}
	}
	return write(ctx, c, "views", rows, len(c.targets)*c.viewDays(), func(tx *store.Tx, rows []seen) error {
		return tx.ViewDay.MapCreateBulk(rows, func(create *ent.ViewDayCreate, i int) {
			create.SetDocumentID(rows[i].document).SetDay(rows[i].day).SetViews(rows[i].views)
		}).OnConflictColumns(viewday.FieldDocumentID, viewday.FieldDay).Ignore().Exec(ctx)
	})
}

// viewDays is how many days have views: fewer where there are very many documents, whose days would outnumber all else.
func (c *community) viewDays() int {
	return max(leastViewDays, min(viewDays, mostDays/max(1, len(c.targets))))
}

// days spreads views over the last days on which the document was there, with quieter ends of the week. What is newer was
// read as often in fewer days.
func (c *community) days(r *rand.Rand, t target, views int, yield func(seen) bool) bool {
	const day = 24 * time.Hour
	today, first := c.o.Now.Truncate(day), t.created.Truncate(day)
	mean := float64(views) / float64(max(1, min(c.viewDays(), int(today.Sub(first)/day)+1)))
	for back := range c.viewDays() {
		at, chance := today.Add(-time.Duration(back)*day), r.Float64()
		share := mean
		if w := at.Weekday(); w == time.Saturday || w == time.Sunday {
			share *= 0.6
		}
		n := int64(share * (0.5 + chance))
		if at.Before(first) || n == 0 {
			continue
		}
		if !yield(seen{t.id, int(at.Unix() / 86400), n}) {
			return false
		}
	}
	return true
}
