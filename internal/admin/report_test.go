package admin_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"docsquare/internal/admin"
	"docsquare/internal/cache/ops"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

func reported(t *testing.T, site *services.Site) (r *admin.Report, byName map[string]*admin.Kind) {
	t.Helper()
	r, err := site.Admin.Report(t.Context())
	testkit.Must(t, err)
	var names []string
	byName = map[string]*admin.Kind{}
	for _, k := range r.Kinds {
		names, byName[k.Name] = append(names, k.Name), k
	}
	if want := slices.Sorted(slices.Values(kinds.Names())); !slices.Equal(names, want) {
		t.Errorf("the kinds are %q", names)
	}
	if len(r.Tiers) != 2 || r.Tiers[0].Name != admin.Near || r.Tiers[1].Name != admin.Far {
		t.Fatalf("the tiers are %+v", r.Tiers)
	}
	return r, byName
}

// TestReport adds up what the tiers and the kinds have, and what was asked of them.
func TestReport(t *testing.T) {
	site := servicetest.Open(t, servicetest.Community(t, "sqlite"), servicetest.Tiers{Redis: true})
	testkit.Must(t, site.Store.Drain(t.Context()))
	ids := []uuid.UUID{servicetest.ID("doc01"), servicetest.ID("doc02"), uuid.New()}
	for range 3 {
		docs, err := site.Documents.ByIDs(t.Context(), ids)
		testkit.Must(t, err)
		if len(docs) != 2 {
			t.Fatalf("%d documents", len(docs))
		}
	}
	r, byName := reported(t, site)
	near, far := r.Tiers[0], r.Tiers[1]
	if near.State != admin.OK || *near.Entries != 3 || *near.Limit != 64<<20 || far.State != admin.OK || far.Entries != nil || *far.Bytes <= 0 || far.Limit == nil {
		t.Errorf("near %+v, far %+v", near, far)
	}
	d := byName["document"]
	if d.Entries != 3 || d.Near != 6 || d.Loads != 3 || d.Far != 0 || d.Shared != 0 || d.Hits != 6 || d.Negative != 2 || d.StaleServed != 0 || d.Failures != 0 {
		t.Errorf("documents %+v", d)
	}
	if d.Version != 3 || d.TTL != 3600 || d.NegativeTTL != 60 || d.Stale != 0 || d.Limit <= 0 || byName["trending"].Stale != 600 || byName["user"].Entries != 0 {
		t.Errorf("documents %+v, trending %+v", d, byName["trending"])
	}
	testkit.Eventually(t, "the entries are weighed", func() bool {
		r, byName := reported(t, site)
		return byName["document"].Bytes > 3*256 && *r.Tiers[0].Bytes == byName["document"].Bytes+site.Cache.Usage().TagBytes
	})
	if r.Outbox != (admin.Outbox{}) || r.Undecodable != 0 || r.Losses != 0 || r.Audit != (admin.Audit{}) || r.WarmUp != (admin.WarmUp{}) {
		t.Errorf("%+v", r)
	}
	_, err := site.Admin.Invalidate(t.Context(), cy, admin.Target{Kind: "user"})
	testkit.Must(t, err)
	if r, _ := reported(t, site); r.Outbox.Rows != 1 || r.Outbox.Oldest < 0 || r.Outbox.Oldest > 600 {
		t.Errorf("the outbox is %+v", r.Outbox)
	}
}

// TestReportWithoutRedis checks that the report states that there is no Redis, and leaves out its memory.
func TestReportWithoutRedis(t *testing.T) {
	site := opened(t)
	warm(t, site, servicetest.ID("doc01"))
	r, byName := reported(t, site)
	if far := r.Tiers[1]; far.State != admin.Off || far.Bytes != nil || far.Limit != nil || far.Entries != nil {
		t.Errorf("%+v", far)
	}
	if *r.Tiers[0].Entries != 3 || byName["document"].Entries != 1 || byName["user"].Entries != 1 || byName["document_stats"].Entries != 1 {
		t.Errorf("%+v", r.Tiers[0])
	}
}

// TestReportedKeys tells hot keys, no more than are wanted, and what is held of an identifier.
func TestReportedKeys(t *testing.T) {
	site := opened(t)
	id := servicetest.Names()["doc01"]
	for range 500 {
		_, err := site.Documents.ByIDs(t.Context(), []uuid.UUID{id.UUID, servicetest.ID("doc02")})
		testkit.Must(t, err)
	}
	r, _ := reported(t, site)
	for _, first := range []int{-1, 0, 101} {
		if _, err := r.HotKeys(t.Context(), first); !errs.Is(err, errs.BadUserInput) || errs.As(err).Field != "first" {
			t.Errorf("first %d: %v", first, err)
		}
	}
	all, err := r.HotKeys(t.Context(), 100)
	testkit.Must(t, err)
	if len(all) != 2 || !slices.ContainsFunc(all, func(k ops.HotKey) bool { return k.Kind == "document" && k.Key == id.String() && k.Requests > 0 }) {
		t.Errorf("%+v", all)
	}
	if one, err := r.HotKeys(t.Context(), 1); err != nil || len(one) != 1 || one[0] != all[0] {
		t.Errorf("the hottest is %+v of %+v, %v", one, all, err)
	}
	found, err := r.Inspect(t.Context(), id)
	testkit.Must(t, err)
	if len(found) != 1 || found[0].Kind != "document" || found[0].Near == nil || !found[0].Near.Counts || found[0].Far != nil {
		t.Errorf("%+v", found)
	}
	if found, err := r.Inspect(t.Context(), servicetest.Names()["doc03"]); err != nil || len(found) > 0 {
		t.Errorf("an entry that was never requested: %+v, %v", found, err)
	}
}
