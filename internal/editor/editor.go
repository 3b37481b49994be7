// Package editor owns editor sessions: texts that are kept while they are written. What it has answered to be saved is in
// the database, so neither the loss of this process nor that of Redis can take it. It makes no documents itself.
package editor

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/editorsession"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

// Service reads and writes editor sessions.
type Service struct {
	store *store.Store
	cache *kinds.Cache
	idle  time.Duration
	quota int64 // bytes of the texts of an account; 0: no bound
	log   *slog.Logger
	queue chan *save
}

// New is the service over a store and its cache. A session into which nothing is saved for the idle time is paused.
// The texts of an account may take quota bytes; 0 is no bound. Run the service: it is what saves.
func New(s *store.Store, c *kinds.Cache, idle time.Duration, quota int64, log *slog.Logger) *Service {
	return &Service{store: s, cache: c, idle: idle, quota: quota, log: log, queue: make(chan *save, queueSize)}
}

// ByIDs is the sessions that exist. It is blind to the viewer: show one to its account alone.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.EditorSession, error) {
	return s.cache.EditorSessions.Fetch(ctx, ids, func(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.EditorSession, error) {
		rows, err := s.store.DB.EditorSession.Query().Where(editorsession.IDIn(ids...)).All(ctx)
		return store.ByKey(rows, func(x *ent.EditorSession) uuid.UUID { return x.ID }), err
	})
}

// Order names the order of sessions, the latest first.
const Order = "editor-sessions"

// listing is the sessions that can be gone on with: an account has few.
func listing() store.Listing {
	return store.Listing{
		Table: editorsession.Table, ID: editorsession.FieldID, Sort: editorsession.FieldCreatedAt, Moment: true, Parent: editorsession.FieldUserID,
		Where: ongoing(),
	}
}

// Lists is a page of the sessions of each account that can be gone on with, the latest first. Show it to the account alone.
func (s *Service) Lists(ctx context.Context, keys []page.List) (map[page.List]page.IDs, error) {
	return s.cache.EditorSessionsOf.Fetch(ctx, keys, store.PagesOf(s.store, listing()))
}

// Totals is how many sessions of each account can be gone on with.
func (s *Service) Totals(ctx context.Context, users []uuid.UUID) (map[uuid.UUID]int, error) {
	return s.cache.EditorSessionTotals.Fetch(ctx, users, store.CountsOf(s.store, listing()))
}

// live reports whether a session can be continued.
func live(x *ent.EditorSession) bool {
	return x.Status == editorsession.StatusOpen || x.Status == editorsession.StatusPaused
}

// own is an error unless the session is the viewer's.
func own(v viewer.Viewer, x *ent.EditorSession) error {
	if x == nil || !v.Is(x.UserID) {
		return errs.Missing("editor session")
	}
	return nil
}

// moved is the CONFLICT for a client that does not know the current text. It has everything about both texts that the server
// knows, so that no editor has to throw one away.
func moved(x *ent.EditorSession, expected int) error {
	if !live(x) {
		e := errs.New(errs.Conflict, "the session is %s: open another one", x.Status)
		e.Field, e.Details = "sessionId", map[string]any{"current": facts(x), "expected": map[string]any{"revision": expected}}
		return e
	}
	e := errs.New(errs.Conflict, "another editor has saved since: the text is at revision %d, but yours follows %d. Merge the two, and save with expectedRevision %d", x.Revision, expected, x.Revision)
	e.Field, e.Details = "expectedRevision", map[string]any{"current": facts(x), "expected": map[string]any{"revision": expected}}
	return e
}

func facts(x *ent.EditorSession) map[string]any {
	return map[string]any{"revision": x.Revision, "savedAt": x.SavedAt, "title": x.Title, "content": x.Content, "status": x.Status}
}
