// Package fileuse keeps which documents show which files: those that the text of a document shows or links to by their addresses, its
// attachments, its cover, and the file that it is made of. Everybody who sees a document sees these files, and apart from them only their
// owner does.
//
// Only files of the author count, so that no text makes the file of another account visible. Private documents have no rows, because
// only the owner of the files sees them. The rows follow from the current state of the document, and change in its transaction.
package fileuse

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/documentfile"
	"docsquare/ent/file"
	"docsquare/internal/store"
	"docsquare/internal/text/markdown"
)

// MaxFiles is how many files the text of a document may show. Files beyond it in texts of earlier versions are not visible with it.
const MaxFiles = 200

// Of returns the files that a document with this text shows, each once, in an order that does not depend on the text. It returns none
// for a private document.
func Of(d *ent.Document, body string) []uuid.UUID {
	if d.Visibility == document.VisibilityPrivate {
		return nil
	}
	all := slices.Clone(d.AttachmentIds)
	for _, id := range []*uuid.UUID{d.CoverID, d.FileID} {
		if id != nil {
			all = append(all, *id)
		}
	}
	if d.Format == document.FormatMD {
		shown := markdown.FilesOf(body)
		all = append(all, shown[:min(len(shown), MaxFiles)]...)
	}
	slices.SortFunc(all, compare)
	return slices.Compact(all)
}

// Put makes files the ones that a document shows, which the caller holds. Those that are not the author's, or have failed, are left
// out. Files are those of Of.
func Put(ctx context.Context, tx *store.Tx, d *ent.Document, files []uuid.UUID) error {
	own, err := owned(ctx, tx, d.AuthorID, files)
	if err != nil {
		return err
	}
	rows, err := tx.DocumentFile.Query().Where(documentfile.DocumentID(d.ID)).All(ctx)
	if err != nil {
		return err
	}
	var gone []int
	for _, row := range rows {
		if i, ok := slices.BinarySearchFunc(own, row.FileID, compare); ok {
			own = slices.Delete(own, i, i+1)
			continue
		}
		gone = append(gone, row.ID)
		tx.Invalidate(row)
	}
	if len(gone) > 0 {
		if _, err := tx.DocumentFile.Delete().Where(documentfile.IDIn(gone...)).Exec(ctx); err != nil {
			return err
		}
	}
	if len(own) == 0 {
		return nil
	}
	create := make([]*ent.DocumentFileCreate, len(own))
	for i, id := range own {
		create[i] = tx.DocumentFile.Create().SetDocumentID(d.ID).SetFileID(id)
		tx.Invalidate(&ent.DocumentFile{DocumentID: d.ID, FileID: id})
	}
	return tx.DocumentFile.CreateBulk(create...).Exec(ctx)
}

func compare(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// owned returns those of the files that are the author's, in their order. They are locked, so that they are not deleted meanwhile.
func owned(ctx context.Context, tx *store.Tx, author uuid.UUID, files []uuid.UUID) ([]uuid.UUID, error) {
	if len(files) == 0 {
		return nil, nil
	}
	own, err := store.ForUpdate(tx, tx.File.Query().
		Where(file.IDIn(files...), file.UserID(author), file.StatusNEQ(file.StatusFailed)).Order(ent.Asc(file.FieldID))).IDs(ctx)
	slices.SortFunc(own, compare)
	return own, err
}

// Forget notes that documents show no files any more, and deletes the rows. It is also called before documents are deleted.
func Forget(ctx context.Context, tx *store.Tx, documents ...uuid.UUID) error {
	rows, err := tx.DocumentFile.Query().Where(documentfile.DocumentIDIn(documents...)).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, row := range rows {
		tx.Invalidate(row)
	}
	_, err = tx.DocumentFile.Delete().Where(documentfile.DocumentIDIn(documents...)).Exec(ctx)
	return err
}

// Detach takes a file out of at most limit documents that show it, and reports whether more may be left.
func Detach(ctx context.Context, tx *store.Tx, id uuid.UUID, limit int) (more bool, err error) {
	rows, err := tx.DocumentFile.Query().Where(documentfile.FileID(id)).Limit(limit).IDs(ctx)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	tx.Invalidate(&ent.DocumentFile{FileID: id})
	_, err = tx.DocumentFile.Delete().Where(documentfile.IDIn(rows...)).Exec(ctx)
	return len(rows) == limit, err
}
