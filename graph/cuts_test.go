package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"entgo.io/ent/dialect"

	"docsquare/internal/nodeid"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

// TestCutWrites disturbs writes at every point: before and after each statement, BEGIN and COMMIT the client leaves, or the database is not
// reached, or its answer is lost. After each, everything that clients can read equals what an application without a cache reads from the
// database, and the write is there exactly if its COMMIT has run.
func TestCutWrites(t *testing.T) {
	for i, tiers := range []servicetest.Tiers{{}, {Redis: true}} {
		for j, name := range both {
			t.Run(fmt.Sprintf("%s/redis=%t", name, tiers.Redis), func(t *testing.T) {
				t.Parallel()
				c := newCutting(t, name, tiers)
				for n, w := range c.writes() {
					c.enumerate(t, w, 2*i+j+n)
				}
				t.Logf("%d cuts", c.done)
			})
		}
	}
}

// cutting is an application whose writes are cut, and one over the same database that keeps nothing.
type cutting struct {
	*cutter
	app, bare *apptest.App
	ann, bob  string // tokens
	document  string // what is written to
	another   string // the token of a session of bob's that is to end
	session   string // its identifier
	written   int
	read      int
	done      int
}

func newCutting(t *testing.T, name string, tiers servicetest.Tiers) *cutting {
	t.Helper()
	c := &cutting{cutter: &cutter{tb: t}}
	direct := servicetest.Community(t, name)
	through := direct
	if name == dialect.Postgres {
		c.way, through = testkit.Proxied(t, direct)
	}
	tiers.Driver = func(d dialect.Driver) dialect.Driver {
		c.Driver = d
		return c.cutter
	}
	c.app = apptest.Open(t, through, tiers)
	relayed(t, c.app)
	c.bare = apptest.Open(t, direct, servicetest.Tiers{Far: true})
	c.ann, c.bob = as(t, c.app, "ann").token, as(t, c.app, "bob").token
	return c
}

// cutWrite is a mutation that is cut. Prepare makes what it changes be as it was before, through the application. Readers are those who
// can see it.
type cutWrite struct {
	name    string
	readers []string
	prepare func(t *testing.T)
	act     func() (token, mutation string, vars variables)
}

func (c *cutting) writes() []cutWrite {
	on := func(token, field, payload string) func() (string, string, variables) {
		return func() (string, string, variables) {
			return token, fmt.Sprintf(`mutation ($id: ID!) { %s(input: {documentId: $id}) { %s } }`, field, payload), variables{"id": c.document}
		}
	}
	return []cutWrite{
		{"updateDocument", []string{"", "ann"}, c.published, c.update},
		{"likeDocument", []string{"", "bob"}, c.notLiked, on(c.bob, "likeDocument", "document { stats { likes } }")},
		{"unpublishDocument", []string{"", "ann"}, c.published, on(c.ann, "unpublishDocument", "document { visibility }")},
		{"logout", []string{"bob", theSession}, c.signedIn, func() (string, string, variables) { return c.another, `mutation { logout { loggedOut } }`, nil }},
		{"revokeSession", []string{"bob", theSession}, c.signedIn, func() (string, string, variables) {
			return c.bob, `mutation ($id: ID!) { revokeSession(input: {sessionId: $id}) { sessionId } }`, variables{"id": c.session}
		}},
		{"deleteDocument", []string{"", "ann"}, c.published, on(c.ann, "deleteDocument", "documentId")},
	}
}

func (c *cutting) client(token string) client { return client{handler: c.app.Handler, token: token} }

// published has a public document of ann's with a comment of bob's.
func (c *cutting) published(t *testing.T) {
	t.Helper()
	var is struct{ Document *struct{ Visibility string } }
	if c.document != "" {
		client{handler: c.bare.Handler, token: c.ann}.must(t, `query ($id: ID!) { document(id: $id) { visibility } }`, variables{"id": c.document}, &is)
	}
	switch {
	case is.Document == nil:
		var made struct {
			CreateDocument struct{ Document struct{ ID string } }
		}
		c.client(c.ann).must(t, `mutation { createDocument(input: {title: "Cut", body: "Of a cut.", visibility: PUBLIC, category: "cuts", tags: ["cut"]}) { document { id } } }`, nil, &made)
		c.document = made.CreateDocument.Document.ID
		c.client(c.bob).must(t, addComment, variables{"id": c.document, "body": "about it"}, new(any))
	case is.Document.Visibility != "PUBLIC":
		c.client(c.ann).must(t, `mutation ($id: ID!) { publishDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": c.document}, new(any))
	}
}

func (c *cutting) notLiked(t *testing.T) {
	t.Helper()
	c.published(t)
	c.client(c.bob).must(t, `mutation ($id: ID!) { unlikeDocument(input: {documentId: $id}) { document { id } } }`, variables{"id": c.document}, new(any))
}

func (c *cutting) signedIn(t *testing.T) {
	t.Helper()
	in, err := c.app.Accounts.SignIn(t.Context(), servicetest.ID("bob"), viewer.Viewer{UserAgent: "test"})
	testkit.Must(t, err)
	c.another, c.session = in.Token, nodeid.ID{Type: nodeid.Session, UUID: in.SessionID}.String()
}

func (c *cutting) update() (token, mutation string, vars variables) {
	c.written++
	var is struct{ Document struct{ Revision int } }
	testkit.Must(c.tb, client{handler: c.bare.Handler, token: c.ann}.into(c.tb.Context(), `query ($id: ID!) { document(id: $id) { revision } }`, variables{"id": c.document}, &is))
	return c.ann, `mutation ($i: UpdateDocumentInput!) { updateDocument(input: $i) { document { title body } } }`, variables{"i": variables{
		"documentId": c.document, "expectedRevision": is.Document.Revision, "title": fmt.Sprintf("Cut %d", c.written), "body": fmt.Sprintf("Of cut number %d.", c.written),
	}}
}

// middles is how many of the statements between the first and the last are cut in one application. The others are cut in other ones.
const middles = 4

// enumerate counts the points of a write and cuts it at them: its COMMIT in every way, and the others in one, which differs from point to
// point and from application to application.
func (c *cutting) enumerate(t *testing.T, w cutWrite, offset int) {
	t.Helper()
	points := c.disturb(t, w, -1, undisturbed)
	last := len(points) - 1
	if last < 2 || points[0] != pointBegin || points[last] != pointCommit || slices.Contains(points[1:last], pointCommit) {
		t.Fatalf("%s has the points %q", w.name, points)
	}
	every := max(1, (last-2)/middles)
	for at, name := range points {
		for i, kind := range cuts {
			chosen := at == 0 || at >= last-1 || (at+offset)%every == 0
			if !chosen || at < last && (at/every+offset)%len(cuts) != i {
				continue
			}
			if got := c.disturb(t, w, at, kind); !slices.Contains(got, name) {
				t.Errorf("%s: point %d was %s, and then the points are %q", w.name, at, name, got)
			}
			c.done++
		}
	}
}

// disturb performs a write that is cut at a point, and compares all that can be read. The write has changed it if its COMMIT has run.
func (c *cutting) disturb(t *testing.T, w cutWrite, at int, kind cut) (points []string) {
	t.Helper()
	w.prepare(t)
	token, mutation, vars := w.act()
	before := c.compare(t, w.name+" is prepared", w.readers)
	ctx, seen := c.arm(t.Context(), at, kind)
	a, err := c.client(token).send(ctx, mutation, vars)
	points = seen()
	testkit.Must(t, err)
	if kind == undisturbed && len(a.Errors) > 0 {
		t.Fatalf("%s is answered by %s", w.name, a.raw)
	}
	what, committed := w.name, true
	if at >= 0 && at < len(points) {
		what = fmt.Sprintf("%s, %s point %d, %s", w.name, kind, at, points[at])
		committed = points[at] == pointCommit && kind != loseRequest
	}
	after := c.compare(t, what, w.readers)
	if changed := !slices.Equal(before, after); changed != committed {
		t.Errorf("%s: the database has changed: %t, and it is answered by %s", what, changed, a.raw)
	}
	return points
}

const cutReads = `query ($ids: [ID!]!, $document: ID!) {
	nodes(ids: $ids) { __typename id ... on Document { ...D } ... on Session { userAgent } ... on User { ...U } }
	document(id: $document) { ...D }
	documents(first: 5) { totalCount nodes { id title } }
	search(query: "cut", first: 5) { totalCount nodes { id title } }
	viewer { ...U drafts(first: 5) { totalCount nodes { id } } likes(first: 5) { totalCount nodes { id } } sessions { id } }
	categories { name documents } formats { format documents } siteStats { documents users comments likes }
}
fragment D on Document { id title summary body visibility revision updatedAt publishedAt tags stats { likes comments } viewerHasLiked
	author { id } revisions(first: 1) { totalCount nodes { number body } } comments(first: 2) { totalCount nodes { body } } }
fragment U on User { id work: stats { documents likes comments } documents(first: 3) { totalCount nodes { id } } }`

// theSession is the reader who holds the token of the session that is to end.
const theSession = "the session"

// compare reads everything as each reader through both applications, and returns the answers of the database.
func (c *cutting) compare(t *testing.T, what string, readers []string) (answers []string) {
	t.Helper()
	ids := []string{c.document, global(nodeid.User, "ann"), global(nodeid.User, "bob")}
	if c.session != "" {
		ids = append(ids, c.session)
	}
	vars := variables{"document": c.document, "ids": ids}
	tokens := map[string]string{"ann": c.ann, "bob": c.bob, theSession: c.another}
	for _, who := range readers {
		c.read++
		fresh := fmt.Sprintf("%s #%d", cutReads, c.read) // which no answer is kept for
		want, err := client{handler: c.bare.Handler, token: tokens[who]}.send(t.Context(), fresh, vars)
		testkit.Must(t, err)
		if code := want.code(); code != "" && code != "UNAUTHENTICATED" {
			t.Fatalf("%s: the database answers %s", what, want.raw)
		}
		got, err := c.client(tokens[who]).send(t.Context(), cutReads, vars)
		testkit.Must(t, err)
		if got.raw != want.raw {
			t.Errorf("%s: %q reads %d\n%s\nthe database has %d\n%s", what, who, got.status, got.raw, want.status, want.raw)
		}
		answers = append(answers, want.raw)
	}
	return answers
}
