package counters

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/comment"
	"docsquare/ent/document"
	"docsquare/ent/user"
	"docsquare/internal/store"
)

// Created is how many rows were written: accounts, documents of any visibility, and comments with replies.
type Created struct{ Users, Documents, Comments int }

// CreatedSince returns how many rows were written since a moment and are still there. It goes by their identifiers, so documents that an
// import has dated back count when they were imported.
func CreatedSince(ctx context.Context, s *store.Store, at time.Time) (c Created, err error) {
	first := firstIDAt(at)
	if c.Users, err = s.DB.User.Query().Where(user.IDGTE(first)).Count(ctx); err != nil {
		return c, err
	}
	if c.Documents, err = s.DB.Document.Query().Where(document.IDGTE(first)).Count(ctx); err != nil {
		return c, err
	}
	c.Comments, err = s.DB.Comment.Query().Where(comment.IDGTE(first)).Count(ctx)
	return c, err
}

// firstIDAt returns the least UUIDv7 of a millisecond (RFC 9562, 5.7).
func firstIDAt(at time.Time) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000)
	id[8] = 0x80
	return id
}
