package admin_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docsquare/ent/auditentry"
	"docsquare/internal/admin"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/services"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// TestInvalidate makes what rests on a target invalid here and on another instance, and nothing else.
func TestInvalidate(t *testing.T) {
	doc, other := servicetest.ID("doc01"), servicetest.ID("doc02")
	node := nodeid.ID{Type: nodeid.Document, UUID: doc}
	for name, x := range map[string]struct {
		target  admin.Target
		tags    []cache.Tag
		subject string
		left    []string // what still counts, of "document", "document_stats", "user" and "other", another document
	}{
		"kind": {admin.Target{Kind: "document"}, []cache.Tag{"kind:document"}, "kind document", []string{"document_stats", "user"}},
		"tag":  {admin.Target{Tag: kinds.DocumentStatsTag(doc)}, []cache.Tag{kinds.DocumentStatsTag(doc)}, "tag " + kinds.DocumentStatsTag(doc), []string{"document", "other", "user"}},
		"node": {
			admin.Target{Node: node},
			[]cache.Tag{kinds.DocumentTag(doc), kinds.DocumentStatsTag(doc), kinds.CommentsOfTag(doc), kinds.CommentRankingTag(doc), kinds.ThreadTag(doc)},
			node.String(),
			[]string{"other", "user"},
		},
		"everything": {admin.Target{Everything: true}, []cache.Tag{cache.Everything}, "everything", nil},
	} {
		for _, dialect := range both {
			t.Run(name+"/"+dialect, func(t *testing.T) {
				url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "admin:" + uuid.NewString() + ":"}
				here, there := servicetest.Open(t, url, tiers), servicetest.Open(t, url, tiers)
				testkit.Work(t, here.Store.Relay)
				testkit.Work(t, there.Store.Relay)
				left := func(site *services.Site) (names []string) {
					for _, n := range []struct {
						name, kind string
						id         uuid.UUID
					}{{"document", "document", doc}, {"document_stats", "document_stats", doc}, {"other", "document", other}, {"user", "user", servicetest.ID("ann")}} {
						if counts(t, site, n.id, n.kind) {
							names = append(names, n.name)
						}
					}
					return names
				}
				for _, site := range []*services.Site{here, there} {
					warm(t, site, doc)
					warm(t, site, other)
				}
				tags, err := here.Admin.Invalidate(t.Context(), cy, x.target)
				testkit.Must(t, err)
				if !slices.Equal(tags, x.tags) {
					t.Errorf("the tags are %q, want %q", tags, x.tags)
				}
				if got := left(here); !slices.Equal(got, x.left) {
					t.Errorf("here %q still count, want %q", got, x.left)
				}
				testkit.Eventually(t, "the other instance hears of it", func() bool { return slices.Equal(left(there), x.left) })
				rows := noted(t, there, auditentry.ActionCacheInvalidated)
				if len(rows) != 1 {
					t.Fatalf("the trail has %+v", rows)
				}
				if e := rows[0]; e.Subject != x.subject || e.Detail != strings.Join(x.tags, " ") || e.ActorID == nil || *e.ActorID != cy.UserID || e.Address != cy.Address {
					t.Errorf("the trail says %+v", e)
				}
			})
		}
	}
}

// TestInvalidateIsDurable writes the tags down with the transaction: they are delivered even by another process than the one
// that was asked, where that has ended before.
func TestInvalidateIsDurable(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			url, tiers := servicetest.Community(t, dialect), servicetest.Tiers{Redis: true, Prefix: "admin:" + uuid.NewString() + ":"}
			site := servicetest.Open(t, url, tiers)
			testkit.Must(t, site.Store.Drain(t.Context()))
			_, err := site.Admin.Invalidate(t.Context(), cy, admin.Target{Kind: "user"}) // no relay runs for the row it leaves
			testkit.Must(t, err)
			rows, err := site.Store.DB.Outbox.Query().All(t.Context())
			testkit.Must(t, err)
			if len(rows) != 1 || !slices.Equal(rows[0].Tags, []string{"kind:user"}) {
				t.Fatalf("the outbox has %+v", rows)
			}
			next := servicetest.Open(t, url, tiers)
			if n, _, err := next.Store.Backlog(t.Context()); err != nil || n != 0 {
				t.Errorf("the next process has left %d rows, %v", n, err)
			}
		})
	}
}

// TestInvalidateIsNotedOrNotDone makes nothing invalid where the trail cannot be written.
func TestInvalidateIsNotedOrNotDone(t *testing.T) {
	url := servicetest.Community(t, "sqlite")
	site := servicetest.Open(t, url, servicetest.Tiers{Redis: true})
	testkit.Must(t, site.Store.Drain(t.Context()))
	warm(t, site, servicetest.ID("doc01"))
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite://")+"?_busy_timeout=10000")
	testkit.Must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "CREATE TRIGGER refuse BEFORE INSERT ON "+auditentry.Table+" BEGIN SELECT RAISE(ABORT, 'refused'); END")
	testkit.Must(t, err)
	if _, err := site.Admin.Invalidate(t.Context(), cy, admin.Target{Everything: true}); err == nil || errs.As(err) != nil {
		t.Errorf("it is no internal error: %v", err)
	}
	if n, _, err := site.Store.Backlog(t.Context()); err != nil || n != 0 {
		t.Errorf("the outbox has %d rows, %v", n, err)
	}
	if !counts(t, site, servicetest.ID("doc01"), "document") {
		t.Error("the document counts no more")
	}
}

// TestInvalidateRefuses checks that a bad target is refused with an error that explains why, and that nothing is invalidated.
func TestInvalidateRefuses(t *testing.T) {
	site := opened(t)
	warm(t, site, servicetest.ID("doc01"))
	for name, x := range map[string]struct {
		target      admin.Target
		field, says string
	}{
		"no target":      {admin.Target{}, "", "exactly one"},
		"two targets":    {admin.Target{Kind: "document", Everything: true}, "", "exactly one"},
		"all targets":    {admin.Target{Kind: "document", Tag: "square", Node: nodeid.ID{Type: nodeid.User, UUID: uuid.New()}, Everything: true}, "", "exactly one"},
		"unknown kind":   {admin.Target{Kind: "documents"}, "kind", strings.Join(kinds.Names(), ", ")},
		"long tag":       {admin.Target{Tag: strings.Repeat("x", 257)}, "tag", "256 bytes"},
		"a session":      {admin.Target{Node: nodeid.ID{Type: nodeid.Session, UUID: uuid.New()}}, "", "a Session by its identifier"},
		"an audit entry": {admin.Target{Node: nodeid.ID{Type: nodeid.AuditEntry, UUID: uuid.New()}}, "", "AuditEntry by its identifier"},
	} {
		_, err := site.Admin.Invalidate(t.Context(), cy, x.target)
		if e := errs.As(err); e == nil || e.Code != errs.BadUserInput || e.Field != x.field || !strings.Contains(e.Message, x.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if rows := noted(t, site, auditentry.ActionCacheInvalidated); len(rows) > 0 {
		t.Errorf("the trail has %+v", rows)
	}
	if !counts(t, site, servicetest.ID("doc01"), "document") {
		t.Error("the document counts no more")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := site.Admin.Invalidate(ctx, cy, admin.Target{Everything: true}); err == nil || len(noted(t, site, auditentry.ActionCacheInvalidated)) > 0 {
		t.Errorf("a request that is given up: %v", err)
	}
}

// TestInvalidateEveryType has tags for each type of node whose entries are kept by its identifier.
func TestInvalidateEveryType(t *testing.T) {
	site := opened(t)
	for _, name := range []string{"ann", "doc01", "revision doc01", "doc01/c1", "report", "editing"} {
		id := servicetest.Names()[name]
		tags, err := site.Admin.Invalidate(t.Context(), cy, admin.Target{Node: id})
		testkit.Must(t, err)
		for _, tag := range tags {
			if !strings.HasSuffix(tag, ":"+id.UUID.String()) {
				t.Errorf("%s: %q", name, tag)
			}
		}
		if e := noted(t, site, auditentry.ActionCacheInvalidated)[0]; len(tags) == 0 || e.Subject != id.String() {
			t.Errorf("%s: %q, %+v", name, tags, e)
		}
	}
}
