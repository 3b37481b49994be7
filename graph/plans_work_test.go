package graph_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/schema"
	"docsquare/ent/sessionsecret"
	"docsquare/ent/user"
	"docsquare/internal/account"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/kinds/hotset"
	"docsquare/internal/page"
	"docsquare/internal/store"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// work is something that services do outside of the cases. One that stands for a field of Query or Mutation has its name.
type work struct {
	name string
	do   func(ctx context.Context, app *apptest.App) error
}

var (
	asBob = viewer.Viewer{UserID: servicetest.ID("bob")}
	asCy  = viewer.Viewer{UserID: servicetest.ID("cy")}
)

func works() []work {
	return []work{
		{"authenticate, and slide the session", slideSession},
		{"revokeSession", revokeSession},
		{"setUserRole", func(ctx context.Context, app *apptest.App) error {
			return app.Accounts.SetRole(ctx, asCy, servicetest.ID("bob"), user.RoleAdmin)
		}},
		{"auditTrail", readTrail},
		{"cache", func(ctx context.Context, app *apptest.App) error {
			_, err := app.Admin.Report(ctx)
			return err
		}},
		{"invalidateCache", func(ctx context.Context, app *apptest.App) error {
			_, err := app.Admin.Invalidate(ctx, asCy, admin.Target{Everything: true})
			return err
		}},
		{"warmCache", func(ctx context.Context, app *apptest.App) error { return app.Admin.Warmed(ctx, asCy) }},
		{"uploadFile", uploadFile},
		{"record views", func(ctx context.Context, app *apptest.App) error {
			app.Interactions.RecordView(asBob, servicetest.ID("doc01"))
			app.Interactions.RecordView(asBob, servicetest.ID("doc02"))
			return app.Interactions.Flush(ctx)
		}},
		{"tidy editor sessions", func(ctx context.Context, app *apptest.App) error { return app.Editor.Tidy(ctx) }},
		{"tidy uploads", func(ctx context.Context, app *apptest.App) error { return app.Uploads.Tidy(ctx) }},
		{"tidy the audit trail", func(ctx context.Context, app *apptest.App) error { return app.Audit.Tidy(ctx) }},
		{"drain the outbox", func(ctx context.Context, app *apptest.App) error { return app.Store.Drain(ctx) }},
		{"hot set", hotSet},
	}
}

// authorizing is a work that authorizes with the token of an issuer: the first time opens an account.
func authorizing(t *testing.T, app *apptest.App) work {
	t.Helper()
	o := newOutside(t, app)
	header := "Bearer " + o.token(t, "subject", nil)
	return work{"authenticate with the token of an issuer", func(ctx context.Context, _ *apptest.App) error {
		_, first := o.accounts.Authorize(ctx, header)
		_, second := o.accounts.Authorize(ctx, header)
		return errors.Join(first, second)
	}}
}

func slideSession(ctx context.Context, app *apptest.App) error {
	in, err := app.Accounts.SignIn(ctx, asBob.UserID, asBob)
	if err != nil {
		return err
	}
	err = app.Store.Write(ctx, func(tx *store.Tx) error { return age(ctx, tx, in) })
	if err != nil {
		return err
	}
	_, err = app.Accounts.Authorize(ctx, "Bearer "+in.Token)
	return err
}

// age has a session unused for so long that its next use writes it.
func age(ctx context.Context, tx *store.Tx, in account.SignedIn) error {
	x, err := tx.Session.UpdateOneID(in.SessionID).SetLastUsedAt(schema.Now().AddDate(0, -1, 0)).Save(ctx)
	if err != nil {
		return err
	}
	secret, err := tx.SessionSecret.Query().Where(sessionsecret.SessionID(x.ID)).Only(ctx)
	if err == nil {
		tx.Invalidate(x, secret)
	}
	return err
}

func revokeSession(ctx context.Context, app *apptest.App) error {
	in, err := app.Accounts.SignIn(ctx, asBob.UserID, asBob)
	if err != nil {
		return err
	}
	return app.Accounts.RevokeSession(ctx, asBob, in.SessionID)
}

func readTrail(ctx context.Context, app *apptest.App) error {
	s := app.Audit
	for _, f := range []audit.Filter{{}, {Action: auditentry.ActionSignedIn}, {Actor: asBob.UserID}, {Action: auditentry.ActionSignedIn, Actor: asBob.UserID}} {
		_, paged := s.Page(ctx, f, page.Args{Size: 5})
		_, counted := s.Total(ctx, f)
		if err := errors.Join(paged, counted); err != nil {
			return err
		}
	}
	return s.Record(ctx, asBob, audit.Event{Action: auditentry.ActionSignInFailed, Subject: "bob"})
}

// uploadFile sends a file, reads it and deletes it.
func uploadFile(ctx context.Context, app *apptest.App) error {
	s := app.Uploads
	f, err := s.Send(ctx, asBob, upload.Announcement{Name: "a.md", Size: 5}, strings.NewReader("# abc"))
	if err != nil {
		return err
	}
	if err := download(ctx, s, f); err != nil {
		return err
	}
	return s.Delete(ctx, asBob, f.ID)
}

func download(ctx context.Context, s *upload.Service, f *ent.File) error {
	if _, err := s.Upload(ctx, asBob, f.ID); err != nil {
		return err
	}
	if _, err := s.Content(ctx, asBob, f.ID); err != nil {
		return err
	}
	stored, err := s.ByIDs(ctx, []uuid.UUID{f.ID})
	if err != nil {
		return err
	}
	r, err := s.Open(ctx, stored[f.ID])
	if err != nil {
		return err
	}
	return r.Close()
}

func hotSet(ctx context.Context, app *apptest.App) error {
	s := hotset.New(app.Store, app.Cache, slog.New(slog.DiscardHandler))
	if err := s.Remember(ctx); err != nil {
		return err
	}
	_, err := s.Remembered(ctx)
	return err
}
