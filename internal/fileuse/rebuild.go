package fileuse

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/store"
)

// Version is the version of how files are found in texts.
const Version = 1

// portion is how many documents one transaction of Rebuild writes.
const portion = 20

// Rebuild finds the files of all documents again. It may run concurrently with writers.
func Rebuild(ctx context.Context, s *store.Store, progress func(done, total int)) error {
	total, err := s.DB.Document.Query().Count(ctx)
	if err != nil {
		return err
	}
	last := uuid.Nil
	for done := 0; ; {
		docs, err := s.DB.Document.Query().Where(document.IDGT(last)).Order(ent.Asc(document.FieldID)).Limit(portion).All(ctx)
		if err != nil || len(docs) == 0 {
			return err
		}
		if err := rebuild(ctx, s, docs); err != nil {
			return err
		}
		last, done = docs[len(docs)-1].ID, done+len(docs)
		progress(min(done, total), max(total, 1))
	}
}

// rebuild parses the texts of documents, and then writes what they show. A document that has changed meanwhile was written with its
// files.
func rebuild(ctx context.Context, s *store.Store, docs []*ent.Document) error {
	files := make(map[uuid.UUID][]uuid.UUID, len(docs))
	for _, d := range docs {
		text, err := s.DB.Revision.Query().Where(revision.DocumentID(d.ID), revision.Number(d.Revision)).Only(ctx)
		if ent.IsNotFound(err) {
			continue
		}
		if err != nil {
			return err
		}
		files[d.ID] = Of(d, text.Body)
	}
	return s.Write(ctx, func(tx *store.Tx) error {
		held, err := store.ForUpdate(tx, tx.Document.Query().Where(document.IDIn(ent.Documents(docs).IDs()...)).Order(ent.Asc(document.FieldID))).All(ctx)
		if err != nil {
			return err
		}
		now := store.ByKey(held, func(d *ent.Document) uuid.UUID { return d.ID })
		for _, d := range docs {
			found, read := files[d.ID]
			if x := now[d.ID]; !read || x == nil || x.Revision != d.Revision || !x.UpdatedAt.Equal(d.UpdatedAt) {
				continue
			}
			if err := Put(ctx, tx, d, found); err != nil {
				return err
			}
		}
		return nil
	})
}
