// Package textusage keeps how many bytes the texts of each account take: its revisions and its editor sessions. The sum changes in the
// transaction that writes or deletes a text, as its last statements, so that no writer waits for the row of an account while holding
// rows that others want.
package textusage

import (
	"bytes"
	"context"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/editorsession"
	"docsquare/ent/revision"
	enttextusage "docsquare/ent/textusage"
	"docsquare/ent/user"
	"docsquare/internal/errs"
	"docsquare/internal/store"
)

// change is what a transaction changes of the usage of one account.
type change struct {
	bytes int64
	quota int64 // 0: none
}

// key is that of the changes of a transaction.
type key struct{}

// Add notes that a transaction adds bytes to the texts of an account, or takes some away. The transaction fails with BAD_USER_INPUT if
// the account then has more than its quota; 0 is no quota.
func Add(tx *store.Tx, account uuid.UUID, bytes int, quota int64) {
	if bytes == 0 {
		return
	}
	changes := store.Sum(tx, key{}, func() map[uuid.UUID]change { return map[uuid.UUID]change{} }, func(ctx context.Context, changes map[uuid.UUID]change) error {
		return write(ctx, tx, changes)
	})
	c := changes[account]
	changes[account] = change{c.bytes + int64(bytes), max(c.quota, quota)}
}

// write writes the changes in one order for every writer.
func write(ctx context.Context, tx *store.Tx, changes map[uuid.UUID]change) error {
	for _, account := range slices.SortedFunc(maps.Keys(changes), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) {
		c := changes[account]
		if c.bytes == 0 {
			continue
		}
		err := tx.TextUsage.Create().SetUserID(account).SetBytes(c.bytes).OnConflictColumns(enttextusage.FieldUserID).
			Update(func(u *ent.TextUsageUpsert) { u.AddBytes(c.bytes) }).Exec(ctx)
		if err != nil {
			return err
		}
		if c.bytes < 0 || c.quota == 0 {
			continue
		}
		now, err := tx.TextUsage.Query().Where(enttextusage.UserID(account)).Only(ctx)
		if err != nil {
			return err
		}
		if now.Bytes > c.quota {
			return errs.New(errs.BadUserInput, "your texts may take %d bytes in all, and %d of them are left, but this needs %d: delete documents or discard drafts that you do not need",
				c.quota, max(c.quota-now.Bytes+c.bytes, 0), c.bytes)
		}
	}
	return nil
}

// GiveBack takes revisions that a transaction deletes out of the usage of their authors. It does not read the texts.
func GiveBack(ctx context.Context, tx *store.Tx, revisions ...uuid.UUID) error {
	if len(revisions) == 0 {
		return nil
	}
	var sums []struct {
		Author uuid.UUID `json:"author_id"`
		Bytes  int       `json:"bytes"`
	}
	err := tx.Revision.Query().Where(revision.IDIn(revisions...)).Modify(func(sel *entsql.Selector) {
		d := entsql.Dialect(sel.Dialect()).Table(document.Table)
		sel.Join(d).On(sel.C(revision.FieldDocumentID), d.C(document.FieldID)).
			Select(d.C(document.FieldAuthorID), entsql.As(length(sel.C(revision.FieldBody)), "bytes")).GroupBy(d.C(document.FieldAuthorID))
	}).Scan(ctx, &sums)
	for _, s := range sums {
		Add(tx, s.Author, -s.Bytes, 0)
	}
	return err
}

// length sums the bytes of texts. Neither database reads the texts for that.
func length(column string) string {
	return "CAST(COALESCE(SUM(OCTET_LENGTH(" + column + ")), 0) AS BIGINT)"
}

// Version is the version of what is summed.
const Version = 1

// batch is how many accounts one transaction of Rebuild sums up.
const batch = 100

// Rebuild sums the texts of all accounts up again. It may run concurrently with writers.
func Rebuild(ctx context.Context, s *store.Store, progress func(done, total int)) error {
	total, err := s.DB.User.Query().Count(ctx)
	if err != nil {
		return err
	}
	last := uuid.Nil
	for done := 0; ; {
		ids, err := s.DB.User.Query().Where(user.IDGT(last)).Order(ent.Asc(user.FieldID)).Limit(batch).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.Write(ctx, func(tx *store.Tx) error { return rebuild(ctx, tx, ids) }); err != nil {
			return err
		}
		last, done = ids[len(ids)-1], done+len(ids)
		progress(min(done, total), max(total, 1))
	}
}

// rebuild holds the usage of the accounts while it sums their texts, so that no writer adds to what is written over.
func rebuild(ctx context.Context, tx *store.Tx, ids []uuid.UUID) error {
	rows := make([]*ent.TextUsageCreate, len(ids))
	for i, id := range ids {
		rows[i] = tx.TextUsage.Create().SetUserID(id)
	}
	if err := tx.TextUsage.CreateBulk(rows...).OnConflictColumns(enttextusage.FieldUserID).Ignore().Exec(ctx); err != nil {
		return err
	}
	if _, err := store.ForUpdate(tx, tx.TextUsage.Query().Where(enttextusage.UserIDIn(ids...)).Order(ent.Asc(enttextusage.FieldUserID))).IDs(ctx); err != nil {
		return err
	}
	return tx.TextUsage.Update().Where(enttextusage.UserIDIn(ids...)).Modify(func(u *entsql.UpdateBuilder) {
		u.Set(enttextusage.FieldBytes, entsql.Expr(
			"(SELECT "+length("r."+revision.FieldBody)+" FROM "+revision.Table+" r JOIN "+document.Table+" d ON d.id = r.document_id WHERE d.author_id = text_usage.user_id) + "+
				"(SELECT "+length("e."+editorsession.FieldContent)+" FROM "+editorsession.Table+" e WHERE e.user_id = text_usage.user_id)"))
	}).Exec(ctx)
}
