// Package upload owns files: how they arrive, what is taken, whose they are, and how much room they may take. A file comes
// in parts, each of which is kept as soon as it is there; only a complete file whose content was found in order is stored.
package upload

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"docsquare/ent"
	"docsquare/ent/documentfile"
	"docsquare/ent/file"
	"docsquare/internal/blobstore"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/text/extract"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/viewer"
)

// Path is where the addresses of files begin, for sending and for fetching.
const Path = fileurl.Path

// Limits bound what an account may send.
type Limits struct {
	File      int64         // bytes of one file
	Small     int64         // bytes of a file that comes with a GraphQL request
	Quota     int64         // bytes of all files of an account, those on their way with them
	Abandoned time.Duration // after how long without a byte an upload is given up
}

// Service reads and writes files.
type Service struct {
	store  *store.Store
	cache  *kinds.Cache
	bucket *blobstore.Bucket
	texts  *extract.Extractor
	limits Limits
	log    *slog.Logger

	receiving atomic.Int64  // files that are being sent
	reading   chan struct{} // one file at a time is held in memory, for its text
	making    chan struct{} // a place for each picture that is being made
	pictures  singleflight.Group
}

// New is the service over a store, its cache and a bucket. Run it, for what clients leave undone.
func New(s *store.Store, c *kinds.Cache, b *blobstore.Bucket, x *extract.Extractor, l Limits, log *slog.Logger) *Service {
	return &Service{store: s, cache: c, bucket: b, texts: x, limits: l, log: log, reading: make(chan struct{}, 1), making: make(chan struct{}, makers)}
}

// Limits is what bounds an upload.
func (s *Service) Limits() Limits { return s.limits }

// ByIDs returns the files that exist. It does not check the viewer: a file can be seen by its owner, and by every viewer of
// a document that shows it.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.File, error) {
	return s.cache.Files.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.File, error) {
		rows, err := s.store.DB.File.Query().Where(file.IDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(f *ent.File) uuid.UUID { return f.ID }), err
	})
}

// Order names the order of files, the latest first.
const Order = "files"

func listing() store.Listing {
	return store.Listing{Table: file.Table, ID: file.FieldID, Sort: file.FieldCreatedAt, Moment: true, Parent: file.FieldUserID}
}

// Lists is a page of the files of each account, the latest first. Show it to the account alone.
func (s *Service) Lists(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	return s.cache.FilesOf.Fetch(ctx, keys, store.PagesOf(s.store, listing()))
}

// Totals is how many files each account has.
func (s *Service) Totals(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]int, error) {
	return s.cache.FileTotals.Fetch(ctx, users, store.CountsOf(s.store, listing()))
}

// firstDocuments are some of the documents that show a file. There are none that only the owner of the file sees, so few are enough to
// find one that a viewer sees.
var firstDocuments = store.Firsts{
	Table: documentfile.Table, Parent: documentfile.FieldFileID, N: 100,
	Order: func(t *entsql.SelectTable) []string { return []string{t.C(documentfile.FieldDocumentID)} },
}

// Documents returns the documents that show each file: see package fileuse. It does not check the viewer.
func (s *Service) Documents(ctx context.Context, files []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
	return s.cache.DocumentsOfFile.Fetch(ctx, files, func(ctx context.Context, files []uuid.UUID) (map[uuid.UUID][]uuid.UUID, error) {
		rows, err := s.store.DB.DocumentFile.Query().Where(firstDocuments.Of(files)).All(ctx)
		lists := make(map[uuid.UUID][]uuid.UUID, len(files))
		for _, id := range files {
			lists[id] = []uuid.UUID{}
		}
		for _, row := range rows {
			lists[row.FileID] = append(lists[row.FileID], row.DocumentID)
		}
		return lists, err
	})
}

// own is the file, where it is the viewer's; any other is NOT_FOUND.
func own(v viewer.Viewer, f *ent.File, err error) (*ent.File, error) {
	if ent.IsNotFound(err) || err == nil && !v.Is(f.UserID) {
		return nil, missing()
	}
	return f, err
}
