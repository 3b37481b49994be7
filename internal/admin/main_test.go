package admin_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	both       = []string{"sqlite", "postgres"}
	cy         = viewer.Viewer{UserID: servicetest.ID("cy"), Address: "192.0.2.7"} // who administers the community
	errNothing = errors.New("nothing can be read")
)

// opened is an instance over a community, without Redis.
func opened(t *testing.T) *services.Site {
	t.Helper()
	site := servicetest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{})
	return site
}

// noted is the entries of the audit trail that tell of an action, the latest first.
func noted(t *testing.T, site *services.Site, action auditentry.Action) []*ent.AuditEntry {
	t.Helper()
	rows, err := site.Store.DB.AuditEntry.Query().Where(auditentry.ActionEQ(action)).Order(ent.Desc(auditentry.FieldCreatedAt, auditentry.FieldID)).All(t.Context())
	testkit.Must(t, err)
	return rows
}

// warm reads a document, its statistics and its author, until the process has them all.
func warm(t *testing.T, site *services.Site, document uuid.UUID) {
	t.Helper()
	testkit.Eventually(t, "the document is in the process", func() bool {
		docs, err := site.Documents.ByIDs(t.Context(), []uuid.UUID{document})
		testkit.Must(t, err)
		_, err = site.Square.DocumentStats(t.Context(), []uuid.UUID{document})
		testkit.Must(t, err)
		_, err = site.Accounts.ByIDs(t.Context(), []uuid.UUID{docs[document].AuthorID})
		testkit.Must(t, err)
		return counts(t, site, document, "document") && counts(t, site, document, "document_stats") &&
			counts(t, site, docs[document].AuthorID, "user")
	})
}

// counts reports whether the process has an entry of the kind that it would serve.
func counts(t *testing.T, site *services.Site, id uuid.UUID, kind string) bool {
	t.Helper()
	found, err := site.Cache.Inspect(t.Context(), id)
	testkit.Must(t, err)
	for _, i := range found {
		if i.Kind == kind {
			return i.Near != nil && i.Near.Counts
		}
	}
	return false
}
