package graph_test

import (
	"slices"
	"testing"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit/servicetest"
)

const trail = `query ($first: Int, $after: String, $filter: AuditFilter) { auditTrail(first: $first, after: $after, filter: $filter) {
	totalCount pageInfo { hasNextPage endCursor } nodes { id action subject detail actor { username } actorId } edges { cursor node { id } } } }`

type trailPage struct {
	AuditTrail struct {
		TotalCount int
		PageInfo   struct {
			HasNextPage bool
			EndCursor   string
		}
		Nodes []struct {
			ID, Action, Subject, Detail string
			Actor                       *struct{ Username string }
			ActorID                     *string
		}
	}
}

// TestAuditTrail tells administrators what was done, and tells others nothing.
func TestAuditTrail(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			ann, bob, cy := as(t, app, "ann"), as(t, app, "bob"), as(t, app, "cy")
			var before trailPage
			cy.must(t, trail, nil, &before)
			if _, err := as(t, app, "").send(t.Context(), `mutation { login(input: {username: "ann", password: "wrong horse"}) { token } }`, nil); err != nil {
				t.Fatal(err)
			}
			doc, comment := global(nodeid.Document, "secret"), global(nodeid.Comment, "doc01/c1")
			ann.must(t, `mutation ($d: ID!) { deleteDocument(input: {documentId: $d}) { documentId } }`, variables{"d": doc}, new(any))
			ann.must(t, `mutation ($c: ID!) { deleteComment(input: {commentId: $c}) { commentId } }`, variables{"c": comment}, new(any))
			bob.must(t, `mutation { deleteAccount(input: {password: "`+servicetest.Password+`"}) { userId } }`, nil, new(any))
			var p trailPage
			cy.must(t, trail, variables{"first": 4}, &p)
			var actions []string
			for _, n := range p.AuditTrail.Nodes {
				actions = append(actions, n.Action)
			}
			if !slices.Equal(actions, []string{"ACCOUNT_DELETED", "COMMENT_DELETED", "DOCUMENT_DELETED", "SIGN_IN_FAILED"}) || p.AuditTrail.TotalCount != before.AuditTrail.TotalCount+4 || !p.AuditTrail.PageInfo.HasNextPage {
				t.Fatalf("the trail is %+v", p)
			}
			gone, deleted, failed := p.AuditTrail.Nodes[0], p.AuditTrail.Nodes[2], p.AuditTrail.Nodes[3]
			if gone.Actor != nil || gone.ActorID == nil || *gone.ActorID != global(nodeid.User, "bob") || gone.Detail != "bob" {
				t.Errorf("%+v", gone)
			}
			if deleted.Subject != doc || deleted.Actor == nil || deleted.Actor.Username != "ann" || failed.Subject != "ann" || failed.ActorID != nil {
				t.Errorf("%+v, %+v", deleted, failed)
			}
			var filtered, rest trailPage
			cy.must(t, trail, variables{"filter": variables{"action": "SIGN_IN_FAILED"}}, &filtered)
			cy.must(t, trail, variables{"after": p.AuditTrail.PageInfo.EndCursor, "filter": variables{"actorId": global(nodeid.User, "ann")}}, &rest)
			if filtered.AuditTrail.TotalCount != 1 || len(rest.AuditTrail.Nodes) == 0 || rest.AuditTrail.Nodes[0].Action != "SIGNED_IN" {
				t.Errorf("%+v, %+v", filtered, rest)
			}
			for who, c := range map[string]client{"UNAUTHENTICATED": as(t, app, ""), "FORBIDDEN": ann} {
				if a, err := c.send(t.Context(), trail, nil); err != nil || a.code() != who {
					t.Errorf("%s, %v", a.raw, err)
				}
				if a, err := c.send(t.Context(), `query ($id: ID!) { node(id: $id) { id } }`, variables{"id": gone.ID}); err != nil || a.raw != `{"data":{"node":null}}` {
					t.Errorf("%s, %v", a.raw, err)
				}
			}
			var node struct{ Node struct{ Action string } }
			if cy.must(t, `query ($id: ID!) { node(id: $id) { ... on AuditEntry { action } } }`, variables{"id": gone.ID}, &node); node.Node.Action != "ACCOUNT_DELETED" {
				t.Errorf("%+v", node)
			}
		})
	}
}

// TestSetUserRole lets administrators appoint and dismiss, but never the last of them.
func TestSetUserRole(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			const set = `mutation ($u: ID!, $r: UserRole!) { setUserRole(input: {userId: $u, role: $r}) { user { username role } } }`
			ann, cy := as(t, app, "ann"), as(t, app, "cy")
			try := func(c client, name, role, want string) {
				t.Helper()
				if a, err := c.send(t.Context(), set, variables{"u": global(nodeid.User, name), "r": role}); err != nil || a.code() != want {
					t.Errorf("%s %s: %s, %v", name, role, a.raw, err)
				}
			}
			try(as(t, app, ""), "ann", "ADMIN", "UNAUTHENTICATED")
			try(ann, "ann", "ADMIN", "FORBIDDEN")
			try(cy, "cy", "USER", "CONFLICT")
			try(cy, "absent", "ADMIN", "NOT_FOUND")
			try(cy, "ann", "ADMIN", "")
			try(ann, "cy", "USER", "")
			try(cy, "cy", "ADMIN", "FORBIDDEN")
			try(ann, "ann", "USER", "CONFLICT")
			var p trailPage
			ann.must(t, trail, variables{"filter": variables{"action": "ROLE_CHANGED"}}, &p)
			if len(p.AuditTrail.Nodes) != 2 || p.AuditTrail.Nodes[0].Detail != "ADMIN → USER" || p.AuditTrail.Nodes[0].Subject != global(nodeid.User, "cy") {
				t.Errorf("%+v", p)
			}
		})
	}
}
