package loader_test

import (
	"testing"

	"docsquare/graph/loader"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// ways reads a key by every way that a loader has, and reports for each whether there is a value.
func ways[K, V comparable](t *testing.T, s loader.Sources, v viewer.Viewer, d *loader.Definition[K, V], key K) map[string]bool {
	t.Helper()
	ctx, found := t.Context(), map[string]bool{}
	note := func(way string, value V, ok bool, err error) {
		testkit.Must(t, err)
		if found[way] = ok; (value != *new(V)) != ok {
			t.Errorf("%s: the value is %v, but found is %v", way, value, ok)
		}
	}
	set := s.New(v)
	at := ask(set, d, key)
	run(ctx, t, set)
	value, ok, err := d.In(set).Get(at[0])
	note("Run", value, ok, err)
	for way, alone := range map[string]bool{"in batches": false, "alone": true} {
		s.Alone = alone
		value, ok, err = d.In(s.New(v)).Load(ctx, key)
		note("Load "+way, value, ok, err)
		all, err := d.In(s.New(v)).LoadAll(ctx, []K{key, key})
		value, ok = all[key]
		note("LoadAll "+way, value, ok, err)
	}
	return found
}

// TestValuesOfOthersAreHidden reads a private document and an editor session of ann's, as every viewer and by every way.
func TestValuesOfOthersAreHidden(t *testing.T) {
	for name, tier := range tiers {
		t.Run(name, func(t *testing.T) {
			app := apptest.Open(t, community(t, "sqlite"), tier)
			for range 2 { // cold and warm
				for _, who := range []string{"bob", "ann", "cy", ""} {
					v := as(who)
					for document, want := range map[string]bool{"secret": who == "ann", "linked": true, "doc01": true, "none": false} {
						for way, got := range ways(t, app.Sources, v, loader.Documents, servicetest.ID(document)) {
							if got != want {
								t.Errorf("document %s as %q by %s: %v", document, who, way, got)
							}
						}
					}
					for way, got := range ways(t, app.Sources, v, loader.Editors, servicetest.ID("editing")) {
						if got != (who == "ann") {
							t.Errorf("editor session as %q by %s: %v", who, way, got)
						}
					}
				}
				app.Cache.Settle()
			}
		})
	}
}

// TestHiddenValueStaysHidden asks for the same key again in a later level, and by Load after Run.
func TestHiddenValueStaysHidden(t *testing.T) {
	app := embedded(t)
	secret, set := servicetest.ID("secret"), app.Sources.New(as("bob"))
	for level := range 3 {
		if got := read(t.Context(), t, set, loader.Documents, append(documents(level+1), secret)...); len(got) != level+1 || got[secret] != nil {
			t.Errorf("level %d: %v", level, got)
		}
	}
	if d, ok, err := loader.Documents.In(set).Load(t.Context(), secret); d != nil || ok || err != nil {
		t.Errorf("got %v, %v, %v", d, ok, err)
	}
}
