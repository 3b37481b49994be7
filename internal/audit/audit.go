// Package audit owns the audit trail: what was done that somebody may have to answer for. An entry is written in the
// transaction that it records, is never changed, and is deleted when its time is over. It must not decide who may read it.
package audit

import (
	"context"
	"log/slog"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/predicate"
	"docsquare/ent/schema"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/viewer"
)

// The limits of the texts of an entry, in bytes: longer ones are cut.
const (
	maxSubject   = 512
	maxDetail    = 1024
	maxUserAgent = 512
)

// Event is what was done.
type Event struct {
	Action  auditentry.Action
	Subject string // what it was done to: a global identifier, or the name that was given
	Detail  string // what else there is to say; nothing secret, and nothing that only some may see, such as a title
}

// Note writes an event into the transaction that makes it true.
func Note(ctx context.Context, tx *store.Tx, v viewer.Viewer, e Event) error {
	create := tx.AuditEntry.Create().SetAction(e.Action).SetSubject(plaintext.Clip(e.Subject, maxSubject)).SetDetail(plaintext.Clip(e.Detail, maxDetail)).
		SetAddress(v.Address).SetUserAgent(plaintext.Clip(v.UserAgent, maxUserAgent))
	if !v.Guest() {
		create.SetActorID(v.UserID)
	}
	return create.Exec(ctx)
}

// Service reads the trail, and lets entries go.
type Service struct {
	store *store.Store
	keep  time.Duration
	log   *slog.Logger
}

// New is the service over a store, which keeps entries for so long.
func New(s *store.Store, keep time.Duration, log *slog.Logger) *Service {
	return &Service{store: s, keep: keep, log: log}
}

// Record writes an event that no other transaction makes true, such as a sign-in that failed.
func (s *Service) Record(ctx context.Context, v viewer.Viewer, e Event) error {
	return s.store.Write(ctx, func(tx *store.Tx) error { return Note(ctx, tx, v, e) })
}

// Filter selects entries. Its zero value selects all.
type Filter struct {
	Action auditentry.Action // empty: any
	Actor  uuid.UUID         // Nil: anybody
}

// Order names the order of the trail, the latest first.
const Order = "audit"

func (f Filter) listing() store.Listing {
	return store.Listing{
		Table: auditentry.Table, ID: auditentry.FieldID, Sort: auditentry.FieldCreatedAt, Moment: true,
		Where: func(s *entsql.Selector) {
			for _, p := range f.predicates() {
				p(s)
			}
		},
	}
}

func (f Filter) predicates() (all []predicate.AuditEntry) {
	if f.Action != "" {
		all = append(all, auditentry.ActionEQ(f.Action))
	}
	if f.Actor != uuid.Nil {
		all = append(all, auditentry.ActorID(f.Actor))
	}
	return all
}

// Page is one page of the entries, the latest first.
func (s *Service) Page(ctx context.Context, f Filter, args page.Args) (page.IDs, error) {
	return f.listing().Page(ctx, s.store, args)
}

// Total is how many entries there are.
func (s *Service) Total(ctx context.Context, f Filter) (int, error) {
	return s.store.DB.AuditEntry.Query().Where(f.predicates()...).Count(ctx)
}

// ByIDs is the entries that there are.
func (s *Service) ByIDs(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ent.AuditEntry, error) {
	rows, err := s.store.DB.AuditEntry.Query().Where(auditentry.IDIn(ids...)).All(ctx)
	return store.ByKey(rows, func(e *ent.AuditEntry) uuid.UUID { return e.ID }), err
}

// tidied is how often entries are let go.
const tidied = time.Hour

// Run lets entries go whose time is over, until the context ends.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(tidied)
	defer tick.Stop()
	for {
		if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "cleanup of the audit trail failed, trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// tidySize is how many entries one transaction lets go.
const tidySize = 1000

// Tidy lets the entries go whose time is over.
func (s *Service) Tidy(ctx context.Context) error {
	for over := schema.Now().Add(-s.keep); ; {
		ids, err := s.store.DB.AuditEntry.Query().Where(auditentry.CreatedAtLT(over)).Order(ent.Asc(auditentry.FieldCreatedAt)).Limit(tidySize).IDs(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.AuditEntry.Delete().Where(auditentry.IDIn(ids...)).Exec(ctx)
			return err
		})
		if err != nil || len(ids) < tidySize {
			return err
		}
	}
}
