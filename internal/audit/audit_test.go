package audit_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"docsquare/ent/auditentry"
	"docsquare/internal/audit"
	"docsquare/internal/page"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestTrail writes entries, cuts what is too long in whole characters, and lets them go when their time is over.
func TestTrail(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			site := servicetest.Open(t, testkit.Database(t, dialect), servicetest.Tiers{})
			ctx, log := t.Context(), slog.New(slog.NewTextHandler(io.Discard, nil))
			s := audit.New(site.Store, time.Hour, log)
			long := strings.Repeat("长", 400)
			client := viewer.Viewer{Address: "192.0.2.1", UserAgent: long}
			testkit.Must(t, s.Record(ctx, client, audit.Event{Action: auditentry.ActionSignInFailed, Subject: long, Detail: "d"}))
			testkit.Must(t, s.Record(ctx, viewer.Viewer{UserID: servicetest.ID("ann")}, audit.Event{Action: auditentry.ActionDocumentDeleted}))
			p, err := s.Page(ctx, audit.Filter{Action: auditentry.ActionSignInFailed}, page.Args{Size: 10})
			testkit.Must(t, err)
			found, err := s.ByIDs(ctx, p.Keys())
			testkit.Must(t, err)
			if len(found) != 1 {
				t.Fatalf("%+v", found)
			}
			e := found[p.Entries[0].ID]
			if e.Subject != strings.Repeat("长", 170) || e.UserAgent != strings.Repeat("长", 170) || e.Address != "192.0.2.1" || e.ActorID != nil || e.Detail != "d" {
				t.Errorf("%+v", e)
			}
			testkit.Must(t, s.Tidy(ctx))
			if n, err := s.Total(ctx, audit.Filter{}); err != nil || n != 2 {
				t.Errorf("%d entries are left, %v", n, err)
			}
			testkit.Must(t, audit.New(site.Store, 0, log).Tidy(ctx))
			if n, err := s.Total(ctx, audit.Filter{}); err != nil || n != 0 {
				t.Errorf("%d entries are left, %v", n, err)
			}
		})
	}
}
