package interaction

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/comment"
	"docsquare/ent/schema"
	"docsquare/internal/audit"
	"docsquare/internal/counters"
	"docsquare/internal/counters/rank"
	"docsquare/internal/errs"
	"docsquare/internal/idempotency"
	"docsquare/internal/removal"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

const maxComment = 5000

// AddComment comments on a document, or replies to a comment on it; a reply to a reply joins the replies of the first
// comment. It returns UNAUTHENTICATED for a guest, NOT_FOUND for a document that the viewer cannot see or a comment that
// is not on it, and BAD_USER_INPUT for a bad text. With a key that is known it returns the comment that was written for it.
func (s *Service) AddComment(ctx context.Context, v viewer.Viewer, document uuid.UUID, parent *uuid.UUID, body string, key *idempotency.Key) (*ent.Comment, error) {
	if _, err := v.SignedIn(); err != nil {
		return nil, err
	}
	body, err := checkComment(body)
	if err != nil {
		return nil, err
	}
	var c *ent.Comment
	id, known, err := idempotency.Do(ctx, s.store, key, func() (uuid.UUID, error) {
		c, err = s.addComment(ctx, v, document, parent, body, key)
		if err != nil {
			return uuid.Nil, err
		}
		return c.ID, nil
	})
	if err != nil || !known {
		return c, err
	}
	c, err = s.store.DB.Comment.Query().Where(comment.ID(id), present.Comment()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, idempotency.Deleted("comment")
	}
	return c, err
}

// addComment writes a comment that was checked.
func (s *Service) addComment(ctx context.Context, v viewer.Viewer, document uuid.UUID, parent *uuid.UUID, body string, key *idempotency.Key) (c *ent.Comment, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := seen(ctx, tx, v, document); err != nil {
			return err
		}
		top, err := topOf(ctx, tx, document, parent)
		if err != nil {
			return err
		}
		at, err := after(ctx, tx, document, comment.FieldCreatedAt)
		if err != nil {
			return err
		}
		c, err = tx.Comment.Create().SetDocumentID(document).SetAuthorID(v.UserID).SetNillableParentID(top).SetBody(body).SetCreatedAt(at).SetUpdatedAt(at).Save(ctx)
		if err != nil {
			return err
		}
		tx.Invalidate(c)
		if err := counters.Count(ctx, tx, document, received(1, c)); err != nil {
			return err
		}
		if err := counters.CountUser(ctx, tx, v.UserID, counters.Done{Comments: 1}); err != nil {
			return err
		}
		return key.Keep(ctx, tx, c.ID)
	})
	return c, err
}

// after is the present moment, or the one after the last moment in a column of the comments on a document, which the caller holds: a
// client that has read all comments up to some moment has missed none, whatever the clocks of instances are.
func after(ctx context.Context, tx *store.Tx, document uuid.UUID, column string) (time.Time, error) {
	now := schema.Now()
	c, err := tx.Comment.Query().Where(comment.DocumentID(document)).Order(ent.Desc(column, comment.FieldID)).First(ctx)
	if err != nil {
		return now, ent.MaskNotFound(err)
	}
	last := c.CreatedAt
	if column == comment.FieldUpdatedAt {
		last = c.UpdatedAt
	}
	if last.Before(now) {
		return now, nil
	}
	return last.Add(time.Microsecond), nil
}

// received is what a comment changes by appearing (1) or going (-1) with its replies.
func received(n int, c *ent.Comment, replies ...*ent.Comment) counters.Received {
	r := counters.Received{Comments: n * (1 + len(replies))}
	if c.ParentID == nil {
		r.TopComments = n
	}
	for _, x := range append(replies, c) {
		r.Signals = append(r.Signals, rank.Signal{Weight: rank.Comment * float64(n), At: x.CreatedAt})
	}
	return r
}

// topOf is the comment on the document that a reply belongs to.
func topOf(ctx context.Context, tx *store.Tx, document uuid.UUID, parent *uuid.UUID) (*uuid.UUID, error) {
	if parent == nil {
		return nil, nil //nolint:nilnil // no reply, no comment above it
	}
	p, err := tx.Comment.Query().Where(comment.ID(*parent), comment.DocumentID(document), present.Comment()).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return nil, errs.Missing("comment on this document")
	case err != nil:
		return nil, err
	case p.ParentID != nil:
		return p.ParentID, nil
	}
	return &p.ID, nil
}

// UpdateComment changes a comment of the viewer's. It returns FORBIDDEN for somebody else's, else the errors of AddComment.
func (s *Service) UpdateComment(ctx context.Context, v viewer.Viewer, id uuid.UUID, body string) (*ent.Comment, error) {
	body, err := checkComment(body)
	if err != nil {
		return nil, err
	}
	var c *ent.Comment
	err = s.onComment(ctx, v, id, func(tx *store.Tx, old *ent.Comment, _ *ent.Document) error {
		if !v.Is(old.AuthorID) {
			return errs.New(errs.Forbidden, "only its author may change this comment")
		}
		at, err := after(ctx, tx, old.DocumentID, comment.FieldUpdatedAt)
		if err != nil {
			return err
		}
		c, err = tx.Comment.UpdateOneID(id).SetBody(body).SetUpdatedAt(at).Save(ctx)
		if err == nil {
			tx.Invalidate(c)
		}
		return err
	})
	return c, err
}

// DeleteComment deletes a comment with its replies: one of the viewer's, or any on a document of the viewer's. If there are many replies,
// they are deleted in several transactions, and the comment with the last of them. It returns the comment that was; errors are those of
// UpdateComment.
func (s *Service) DeleteComment(ctx context.Context, v viewer.Viewer, id uuid.UUID) (gone *ent.Comment, err error) {
	for gone == nil && err == nil {
		gone, err = s.deleteComment(ctx, v, id)
	}
	return gone, err
}

// deleteComment deletes a comment, or as many of its replies as one transaction may: it then returns nil.
func (s *Service) deleteComment(ctx context.Context, v viewer.Viewer, id uuid.UUID) (gone *ent.Comment, err error) {
	err = s.onComment(ctx, v, id, func(tx *store.Tx, c *ent.Comment, d *ent.Document) error {
		if !v.Rules().Deletes(c, d) {
			return errs.New(errs.Forbidden, "only its author, or the author of the document, may delete this comment")
		}
		replies, err := tx.Comment.Query().Where(comment.ParentID(c.ID)).Limit(removal.Rows + 1).All(ctx)
		if err != nil {
			return err
		}
		if len(replies) > removal.Rows {
			_, err := counters.RemoveComments(ctx, tx, replies[:removal.Rows], removal.Rows, false)
			return err
		}
		all := slices.Concat(replies, []*ent.Comment{c})
		if n, err := counters.RemoveCommentLikes(ctx, tx, all, removal.Rows); err != nil || n == removal.Rows {
			return err // more of them may be left
		}
		if err := remove(ctx, tx, c, replies); err != nil {
			return err
		}
		if err := counters.NoteDeleted(ctx, tx, c); err != nil {
			return err
		}
		gone = c
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionCommentDeleted, Subject: c.NodeID().String(), Detail: "on " + d.NodeID().String()})
	})
	return gone, err
}

func remove(ctx context.Context, tx *store.Tx, c *ent.Comment, replies []*ent.Comment) error {
	if err := tx.Comment.DeleteOneID(c.ID).Exec(ctx); err != nil {
		return err
	}
	users := []uuid.UUID{c.AuthorID}
	tx.Invalidate(c)
	for _, r := range replies {
		users = append(users, r.AuthorID)
		tx.Invalidate(r)
	}
	if err := counters.Count(ctx, tx, c.DocumentID, received(-1, c, replies...)); err != nil {
		return err
	}
	return counters.RecountUsers(ctx, tx, users...)
}

// onComment runs a change of one comment on a document that the viewer sees.
func (s *Service) onComment(ctx context.Context, v viewer.Viewer, id uuid.UUID, change func(tx *store.Tx, c *ent.Comment, d *ent.Document) error) error {
	if _, err := v.SignedIn(); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		c, err := tx.Comment.Get(ctx, id)
		if ent.IsNotFound(err) {
			return errs.Missing("comment")
		}
		if err != nil {
			return err
		}
		d, err := seen(ctx, tx, v, c.DocumentID)
		if errs.Is(err, errs.NotFound) {
			return errs.Missing("comment")
		}
		if err != nil {
			return err
		}
		if err = change(tx, c, d); ent.IsNotFound(err) { // deleted while this waited for the document
			return errs.Missing("comment")
		}
		return err
	})
}

func checkComment(body string) (string, error) {
	body = strings.TrimSpace(body)
	if n := utf8.RuneCountInString(body); n < 1 || n > maxComment {
		return "", errs.BadInput("body", "a comment has 1 to %d characters, but this has %d", maxComment, n)
	}
	if !plaintext.IsVisible(body) {
		return "", errs.BadInput("body", "a comment must have something that can be seen")
	}
	return body, nil
}
