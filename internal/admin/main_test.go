package admin_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	both       = []string{"sqlite", "postgres"}
	cy         = viewer.Viewer{UserID: apptest.ID("cy"), Address: "192.0.2.7"} // who administers the community
	errNothing = errors.New("nothing can be read")
)

// opened is an instance over a community, without Redis.
func opened(t *testing.T) *apptest.App {
	t.Helper()
	app := apptest.Open(t, testkit.Database(t, "sqlite"), apptest.Tiers{})
	apptest.NewCommunity(t, app.Store)
	return app
}

// noted is the entries of the audit trail that tell of an action, the latest first.
func noted(t *testing.T, app *apptest.App, action auditentry.Action) []*ent.AuditEntry {
	t.Helper()
	rows, err := app.Store.DB.AuditEntry.Query().Where(auditentry.ActionEQ(action)).Order(ent.Desc(auditentry.FieldCreatedAt, auditentry.FieldID)).All(t.Context())
	testkit.Must(t, err)
	return rows
}

// warm reads a document, its statistics and its author, until the process has them all.
func warm(t *testing.T, app *apptest.App, document uuid.UUID) {
	t.Helper()
	testkit.Eventually(t, "the document is in the process", func() bool {
		docs, err := app.Documents.ByIDs(t.Context(), []uuid.UUID{document})
		testkit.Must(t, err)
		_, err = app.Stats.Documents(t.Context(), []uuid.UUID{document})
		testkit.Must(t, err)
		_, err = app.Accounts.ByIDs(t.Context(), []uuid.UUID{docs[document].AuthorID})
		testkit.Must(t, err)
		return counts(t, app, document, "document") && counts(t, app, document, "document_stats") &&
			counts(t, app, docs[document].AuthorID, "user")
	})
}

// counts reports whether the process has an entry of the kind that it would serve.
func counts(t *testing.T, app *apptest.App, id uuid.UUID, kind string) bool {
	t.Helper()
	found, err := app.Cache.Inspect(t.Context(), id)
	testkit.Must(t, err)
	for _, i := range found {
		if i.Kind == kind {
			return i.Near != nil && i.Near.Counts
		}
	}
	return false
}
