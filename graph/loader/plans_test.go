package loader_test

import (
	"testing"

	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/queryplan"
)

// TestLoadersReadIndexes has both databases explain the statements of every loader: none reads a large table from end to end.
func TestLoadersReadIndexes(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			app, plans := apptest.Open(t, community(t, dialect), tiers["no cache"]), queryplan.Open(t, dialect)
			for _, x := range subjects(audited(t, app)) {
				ctx, rec := record.With(t.Context())
				testkit.Must(t, x.fetch(ctx, &app.Sources))
				if len(plans.Check(t, x.name, rec.Report())) == 0 {
					t.Errorf("%s sent no statement", x.name)
				}
			}
		})
	}
}
