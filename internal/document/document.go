// Package document owns documents and their revisions: what may be written, by whom, and what is kept. It does not list
// the tech square and counts no interactions.
package document

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/predicate"
	"docsquare/ent/revision"
	"docsquare/internal/kinds"
	"docsquare/internal/limit/cpu"
	"docsquare/internal/page"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
)

// Service reads and writes documents.
type Service struct {
	store     *store.Store
	cache     *kinds.Cache
	log       *slog.Logger
	index     search.Index
	quota     int64         // bytes of the texts of an account; 0: no bound
	rendering chan struct{} // a place for each text that is being rendered
}

// New returns the service over a store and its cache. The texts of an account may take quota bytes; 0 is no bound.
func New(s *store.Store, c *kinds.Cache, quota int64, log *slog.Logger) *Service {
	return &Service{store: s, cache: c, index: search.New(s), quota: quota, log: log, rendering: make(chan struct{}, cpu.Count())}
}

// ByIDs is the documents that exist. It is blind to the viewer: ask viewer.Sees before showing one.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
	return s.cache.Documents.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Document, error) {
		rows, err := s.store.DB.Document.Query().Where(document.IDIn(ids...), present.Document()).All(ctx)
		return store.ByKey(rows, func(d *ent.Document) uuid.UUID { return d.ID }), err
	})
}

// RevisionsByIDs is the revisions that exist. It is blind to the viewer.
func (s *Service) RevisionsByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Revision, error) {
	return s.cache.Revisions.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.Revision, error) {
		rows, err := s.store.DB.Revision.Query().Where(revision.IDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(r *ent.Revision) uuid.UUID { return r.ID }), err
	})
}

// Texts is the text of each state of a document.
func (s *Service) Texts(ctx context.Context, keys []kinds.RevisionKey) (map[kinds.RevisionKey]*ent.Revision, error) {
	return s.cache.Texts.Fetch(ctx, keys, func(ctx context.Context, keys []kinds.RevisionKey) (map[kinds.RevisionKey]*ent.Revision, error) {
		wanted := make([]predicate.Revision, len(keys))
		for i, k := range keys {
			wanted[i] = revision.And(revision.DocumentID(k.Document), revision.Number(k.Number))
		}
		rows, err := s.store.DB.Revision.Query().Where(revision.Or(wanted...)).All(ctx)
		return store.ByKey(rows, keyOf), err
	})
}

func keyOf(r *ent.Revision) kinds.RevisionKey {
	return kinds.RevisionKey{Document: r.DocumentID, Number: r.Number}
}

// RevisionOrder names the order of revisions, the latest first.
const RevisionOrder = "revisions"

// Revisions is a page of the revisions of each document, the latest first.
func (s *Service) Revisions(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	listing := store.Listing{Table: revision.Table, ID: revision.FieldID, Sort: revision.FieldNumber, Parent: revision.FieldDocumentID}
	return s.cache.RevisionsOf.Fetch(ctx, keys, store.PagesOf(s.store, listing))
}
