package seed

import (
	"context"
	"math/rand/v2"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/commentlike"
	"docsquare/internal/store"
)

// Likes of a comment are distributed exponentially, rounded down: most comments have none.
const (
	approvalScale = 0.8
	approvalMean  = 0.4 // of the rounded number: 1/(e^(1/approvalScale)-1)
)

// approval is a like of a comment.
type approval struct {
	mark
	comment uuid.UUID
}

// approve has readers like comments of others.
func (c *community) approve(ctx context.Context) error {
	r := c.random(approveStage)
	remarks, comments := c.remarks()
	rows := func(yield func(approval) bool) {
		crowd := c.crowd(r)
		for m := range remarks {
			if !c.approveOf(r, crowd, m, yield) {
				return
			}
		}
	}
	return write(ctx, c, "likes of comments", rows, int(approvalMean*float64(comments)), func(tx *store.Tx, rows []approval) error {
		return tx.CommentLike.MapCreateBulk(rows, func(create *ent.CommentLikeCreate, i int) {
			l := rows[i]
			create.SetUserID(l.user).SetCommentID(l.comment).SetDocumentID(l.document).SetCreatedAt(l.at)
		}).OnConflictColumns(commentlike.FieldUserID, commentlike.FieldCommentID).Ignore().Exec(ctx)
	})
}

// approveOf yields the likes of one comment, and reports whether to continue.
func (c *community) approveOf(r *rand.Rand, crowd *crowd, m remark, yield func(approval) bool) bool {
	n := min(int(r.ExpFloat64()*approvalScale), c.most())
	if n == 0 {
		return true
	}
	crowd.reset()
	for range n {
		u := c.readers[crowd.another()]
		l := approval{mark{u.id, m.document, c.moment(r, later(m.at, u.since))}, m.id}
		if u.id != m.author && !yield(l) {
			return false
		}
	}
	return true
}
