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
		if _, err := RemoveOne(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// RemoveOne is Remove for one file. It returns the keys of the objects that it has dropped, for Discard after the commit.
func RemoveOne(ctx context.Context, tx *store.Tx, f *ent.File) (dropped []string, err error) {
	parts, err := tx.UploadPart.Query().Where(uploadpart.FileID(f.ID)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		dropped = append(dropped, p.Key)
	}
	if err := tx.File.DeleteOneID(f.ID).Exec(ctx); err != nil { // its parts go with it
		return nil, err
	}
	tx.Invalidate(f)
	if f.Status == file.StatusStored {
		tx.Count(counters.SiteUploads, -1)
	}
	key, err := release(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	if key != "" {
		dropped = append(dropped, key)
	}
	return dropped, Drop(ctx, tx, dropped...)
}

// release deletes the blob of a deleted file if no other file has the same content, and returns the key of its object, "" for none. It locks
// the blob, so that no other transaction uses it in the meantime.
func release(ctx context.Context, tx *store.Tx, f *ent.File) (string, error) {
	if f.BlobID == nil {
		return "", nil
	}
	q := store.ForUpdate(tx, tx.Blob.Query().Where(blob.ID(*f.BlobID)))
	b, err := q.Only(ctx)
	if err != nil {
		return "", err
	}
	others, err := tx.File.Query().Where(file.BlobID(b.ID)).Count(ctx)
	if err != nil || others > 0 {
		return "", err
	}
	return b.Key, tx.Blob.DeleteOneID(b.ID).Exec(ctx)
}
