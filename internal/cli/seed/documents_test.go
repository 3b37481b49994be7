package seed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	entdocument "docsquare/ent/document"
)

func TestSeedDocuments(t *testing.T) { both(t, documents) }

func documents(t *testing.T, dialect string) {
	t.Helper()
	s, _ := open(t, dialect)
	o := small
	o.Documents = 60
	run(t, s, o)
	ctx := t.Context()
	before := rows(t, s)
	docs := s.DB.Document.Query().WithRevisions().WithStats().AllX(ctx)
	chinese, public := 0, 0
	for _, d := range docs {
		if strings.ContainsFunc(d.Title, func(r rune) bool { return r > 0x4e00 }) {
			chinese++
		}
		if d.Visibility == entdocument.VisibilityPublic {
			public++
		}
		if len(d.Edges.Revisions) != 1 || len(d.Edges.Revisions[0].Body) < 100 || d.CreatedAt.After(now) || d.Edges.Stats.Listed != (d.Visibility == entdocument.VisibilityPublic) {
			t.Errorf("%+v", d)
		}
	}
	if len(docs) != 60 || chinese < 15 || chinese > 45 || public < 50 || len(before) < 900 {
		t.Errorf("%d documents, %d Chinese, %d public, %d interactions", len(docs), chinese, public, len(before))
	}
	if carried, tags := s.DB.DocumentTag.Query().CountX(ctx), 2*public; carried != tags {
		t.Errorf("public documents carry %d tags, not %d", carried, tags)
	}
	run(t, s, o)
	if diff := cmp.Diff(before, rows(t, s)); diff != "" || s.DB.Document.Query().CountX(ctx) != 60 {
		t.Errorf("a second run has changed something: %s", diff)
	}
}
