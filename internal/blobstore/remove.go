package blobstore

import (
	"context"

	"docsquare/ent"
	"docsquare/ent/blob"
	"docsquare/ent/file"
	"docsquare/ent/uploadpart"
	"docsquare/internal/counters"
	"docsquare/internal/store"
)

// Remove deletes files, which no document needs, and drops the objects that only they needed.
func Remove(ctx context.Context, tx *store.Tx, files ...*ent.File) error {
	for _, f := range files {
		parts, err := tx.UploadPart.Query().Where(uploadpart.FileID(f.ID)).All(ctx)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if err := Drop(ctx, tx, p.Key); err != nil {
				return err
			}
		}
		if err := tx.File.DeleteOneID(f.ID).Exec(ctx); err != nil { // its parts go with it
			return err
		}
		tx.Wrote(f)
		if f.Status == file.StatusStored {
			tx.Count(counters.SiteUploads, -1)
		}
		if err := release(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// release drops the blob of a deleted file if no other file has the same content. It locks the blob, so that no other
// transaction uses it in the meantime.
func release(ctx context.Context, tx *store.Tx, f *ent.File) error {
	if f.BlobID == nil {
		return nil
	}
	q := store.Held(tx, tx.Blob.Query().Where(blob.ID(*f.BlobID)))
	b, err := q.Only(ctx)
	if err != nil {
		return err
	}
	others, err := tx.File.Query().Where(file.BlobID(b.ID)).Count(ctx)
	if err != nil || others > 0 {
		return err
	}
	if err := tx.Blob.DeleteOneID(b.ID).Exec(ctx); err != nil {
		return err
	}
	return Drop(ctx, tx, b.Key)
}
