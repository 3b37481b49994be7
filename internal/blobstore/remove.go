package blobstore

import (
	"context"

	"docsquare/ent"
	"docsquare/ent/blob"
	"docsquare/ent/file"
	"docsquare/ent/uploadpart"
	"docsquare/ent/variant"
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
	keys, err := release(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	dropped = append(dropped, keys...)
	return dropped, Drop(ctx, tx, dropped...)
}

// release deletes the blob of a deleted file if no other file has the same content, with its variants, and returns the keys of their
// objects. It locks the blob, so that no other transaction uses it in the meantime.
func release(ctx context.Context, tx *store.Tx, f *ent.File) (keys []string, err error) {
	if f.BlobID == nil {
		return nil, nil
	}
	q := store.ForUpdate(tx, tx.Blob.Query().Where(blob.ID(*f.BlobID)))
	b, err := q.Only(ctx)
	if err != nil {
		return nil, err
	}
	others, err := tx.File.Query().Where(file.BlobID(b.ID)).Count(ctx)
	if err != nil || others > 0 {
		return nil, err
	}
	variants, err := tx.Variant.Query().Where(variant.BlobID(b.ID)).All(ctx)
	if err != nil {
		return nil, err
	}
	keys = []string{b.Key}
	for _, v := range variants {
		if v.Key != "" {
			keys = append(keys, v.Key)
		}
	}
	return keys, tx.Blob.DeleteOneID(b.ID).Exec(ctx)
}
