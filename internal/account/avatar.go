package account

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/fileurl"
)

// setAvatar makes a stored picture of an account, which the caller holds, its avatar, which everybody sees, and the one until now an ordinary file. With nil the
// account has none. It returns NOT_FOUND for a file that is not the account's or not stored.
func setAvatar(ctx context.Context, tx *store.Tx, u *ent.User, avatar *uuid.UUID) error {
	if u.AvatarID != nil {
		old, err := store.ForUpdate(tx, tx.File.Query().Where(file.ID(*u.AvatarID))).All(ctx)
		if err != nil {
			return err
		}
		for _, f := range old { // none if it was deleted
			if err := markAvatar(ctx, tx, f, false); err != nil {
				return err
			}
		}
	}
	if avatar == nil {
		return nil
	}
	f, err := store.ForUpdate(tx, tx.File.Query().Where(file.ID(*avatar), file.UserID(u.ID), file.StatusEQ(file.StatusStored))).Only(ctx)
	if ent.IsNotFound(err) {
		e := errs.Missing("file")
		e.Field = "avatarId"
		return e
	}
	if err != nil {
		return err
	}
	if !fileurl.IsPicture(f.ContentType) {
		return errs.BadInput("avatarId", "an avatar is a picture (PNG, JPEG, GIF or WebP), but this file is %s", f.ContentType)
	}
	return markAvatar(ctx, tx, f, true)
}

func markAvatar(ctx context.Context, tx *store.Tx, f *ent.File, is bool) error {
	tx.Invalidate(f)
	return tx.File.UpdateOneID(f.ID).SetAvatar(is).SetUpdatedAt(f.UpdatedAt).Exec(ctx)
}
