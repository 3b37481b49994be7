package loader_test

import (
	"testing"

	"docsquare/graph/loader"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

// TestBecome signs in and out on one set: nothing that was read for the former viewer is answered to the next.
func TestBecome(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			secret, set := servicetest.ID("secret"), app.Sources.New(as(""))
			for _, who := range []string{"", "ann", "bob", "ann", ""} {
				set.Become(as(who))
				if set.Viewer() != as(who) {
					t.Errorf("the viewer is %+v", set.Viewer())
				}
				got := read(t.Context(), t, set, loader.Documents, secret)
				if (got[secret] != nil) != (who == "ann") {
					t.Errorf("by Run, %q sees %v", who, got)
				}
				all, err := loader.Documents.In(set).LoadAll(t.Context(), ids("secret", "doc01"))
				if err != nil || (all[secret] != nil) != (who == "ann") || all[servicetest.ID("doc01")] == nil {
					t.Errorf("by LoadAll, %q sees %v, %v", who, all, err)
				}
			}
		})
	}
}

// TestBecomeDropsWhatWasAsked checks that keys that the former viewer has asked for are not read any more.
func TestBecomeDropsWhatWasAsked(t *testing.T) {
	app := embedded(t)
	set := app.Sources.New(as("ann"))
	ask(set, loader.Documents, documents(5)...)
	set.Become(as("bob"))
	ctx, rec := record.With(t.Context())
	run(ctx, t, set)
	if r := rec.Report(); len(r.Loaders) != 0 || len(r.Steps) != 0 {
		t.Errorf("got %+v", r)
	}
	if at := ask(set, loader.Documents, documents(1)...); at[0] != 0 {
		t.Errorf("the first index is %d", at[0])
	}
}
