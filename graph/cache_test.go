package graph_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"docsquare/internal/kinds/hotset"
	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

const cacheReport = `query ($id: ID!) { cache { losses undecodable outbox { rows oldest } audit { ratio compared stale oldest }
	tiers { name state entries bytes limit } warmUp { waiting running done total startedAt endedAt failure }
	kinds { name version ttl negativeTtl stale entries bytes limit hits misses near far shared negative staleServed failures }
	hotKeys(first: 5) { kind key requests } inspect(id: $id) { kind key near { counts absent expires bytes } far { counts } tags { name near far } } } }`

type cachePage struct {
	Cache struct {
		Tiers []struct {
			Name, State string
			Entries     *int
		}
		Kinds []struct {
			Name               string
			TTL, Hits, Misses  int
			Near, Far, Entries int
		}
		WarmUp struct {
			Done, Total int
			EndedAt     *time.Time
			Failure     *string
		}
		Inspect []struct {
			Kind      string
			Near, Far *struct{ Counts bool }
			Tags      []struct{ Name, Near, Far string }
		}
	}
}

// inspected is what the report says of a kind.
func (p cachePage) inspected(kind string) (near, far bool) {
	for _, e := range p.Cache.Inspect {
		if e.Kind == kind {
			return e.Near != nil && e.Near.Counts, e.Far != nil && e.Far.Counts
		}
	}
	return false, false
}

// TestCacheReport tells administrators what is in the cache, has them make it invalid and warm it, and tells others
// nothing.
func TestCacheReport(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			testkit.Work(t, func(ctx context.Context) { app.Admin.Run(ctx, warming(app, nothingHot).Now) })
			cy, doc := as(t, app, "cy"), global(nodeid.Document, "doc01")
			look := func() (p cachePage) {
				t.Helper()
				cy.must(t, `query ($id: ID!) { document(id: $id) { title stats { likes } } }`, variables{"id": doc}, new(any))
				app.Cache.Settle()
				cy.must(t, cacheReport, variables{"id": doc}, &p)
				return p
			}
			p := look()
			if near, _ := p.inspected("document"); !near || len(p.Cache.Tiers) != 2 || p.Cache.Tiers[0].Name != "NEAR" || *p.Cache.Tiers[0].Entries == 0 {
				t.Fatalf("%+v", p)
			}
			const invalidate = `mutation ($in: InvalidateCacheInput!) { invalidateCache(input: $in) { tags cache { losses } } }`
			for _, in := range []variables{{"kind": "document"}, {"nodeId": doc}, {"everything": true}, {"tag": "document:" + servicetest.ID("doc01").String()}} {
				cy.must(t, invalidate, variables{"in": in}, new(any))
				cy.must(t, cacheReport, variables{"id": doc}, &p)
				if near, far := p.inspected("document"); near || far {
					t.Errorf("%v leaves the document: %+v", in, p.Cache.Inspect)
				}
				if near, _ := look().inspected("document"); !near {
					t.Errorf("after %v nothing is cached any more", in)
				}
			}
			cy.must(t, `mutation { warmCache(input: {clientMutationId: "a"}) { clientMutationId cache { warmUp { done } } } }`, nil, new(any))
			testkit.Eventually(t, "it is warm", func() bool { p = look(); return p.Cache.WarmUp.EndedAt != nil })
			if w := p.Cache.WarmUp; w.Done == 0 || w.Done != w.Total || w.Failure != nil {
				t.Errorf("%+v", w)
			}
			var told trailPage
			cy.must(t, trail, variables{"first": 5}, &told)
			var actions []string
			for _, n := range told.AuditTrail.Nodes {
				actions = append(actions, n.Action)
			}
			if !slices.Equal(actions, []string{"CACHE_WARMED", "CACHE_INVALIDATED", "CACHE_INVALIDATED", "CACHE_INVALIDATED", "CACHE_INVALIDATED"}) {
				t.Errorf("the trail is %v", actions)
			}
			for who, c := range map[string]client{"UNAUTHENTICATED": as(t, app, ""), "FORBIDDEN": as(t, app, "ann")} {
				for _, query := range []string{`{ cache { losses } }`, `mutation { warmCache(input: {}) { cache { losses } } }`, `mutation { invalidateCache(input: {everything: true}) { tags } }`} {
					if a, err := c.send(t.Context(), query, nil); err != nil || a.code() != who {
						t.Errorf("%s: %s, %v", query, a.raw, err)
					}
				}
			}
			for _, input := range []string{`{}`, `{kind: "user", everything: true}`} {
				if a, err := cy.send(t.Context(), `mutation { invalidateCache(input: `+input+`) { tags } }`, nil); err != nil || a.code() != "GRAPHQL_VALIDATION_FAILED" {
					t.Errorf("%s: %s, %v", input, a.raw, err)
				}
			}
			for query, field := range map[string]string{
				`mutation { invalidateCache(input: {kind: "users"}) { tags } }`:                                 "kind",
				`{ cache { hotKeys(first: 0) { key } } }`:                                                       "first",
				`mutation { invalidateCache(input: {nodeId: "` + told.AuditTrail.Nodes[0].ID + `"}) { tags } }`: "",
			} {
				if a, err := cy.send(t.Context(), query, nil); err != nil || a.code() != "BAD_USER_INPUT" || field != "" && !strings.Contains(a.raw, `"field":"`+field+`"`) {
					t.Errorf("%s: %s, %v", query, a.raw, err)
				}
			}
		})
	}
}

func nothingHot(context.Context) (hotset.Set, error) { return hotset.Set{}, nil }
