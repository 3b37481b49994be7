package main

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/nodeid"
)

func id(t nodeid.Type) string { return nodeid.ID{Type: t, UUID: uuid.New()}.String() }

// TestSee takes each register of an answer once, the viewer's like only for the viewer, and names what is missing.
func TestSee(t *testing.T) {
	w := &world{docs: map[string]*doc{}, byUser: map[string]*account{}}
	a := &account{id: id(nodeid.User), username: "ann"}
	a.docs = []*doc{{id: id(nodeid.Document), owner: a}}
	if err := w.note(a, time.Now()); err != nil {
		t.Fatal(err)
	}
	d := a.docs[0]
	const text = `{"data": {"user": {"id": "U", "displayName": "n 3", "documents": {"totalCount": 4}, "stats": {"documents": 5}}}}`
	var shown answer
	if err := decode([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	shown.User.ID = a.id
	view := &docView{ID: d.id, Title: "v 7", Author: shown.User}
	if got := w.see(answer{User: shown.User, Nodes: []*docView{view, nil}}, a, map[seen]struct{}{}); len(got) != 2 {
		t.Errorf("a document without parts and none at all: %q", got)
	}
	view.Stats = &struct{ Likes, Comments int }{1, 2}
	view.Comments = &struct {
		TotalCount int
		Nodes      []*struct{ Body string }
	}{3, []*struct{ Body string }{{"c 3"}}}
	whole := answer{User: shown.User, Nodes: []*docView{view, view}}
	found := map[seen]struct{}{}
	if got := w.see(whole, &account{}, found); len(got) != 0 {
		t.Errorf("as a guest: %q", got)
	}
	for _, x := range []seen{
		{a.name, "n 3"}, {a.documents, "4"}, {a.counted, "5"}, {d.title, "v 7"}, {d.likes, "1"}, {d.comments, "2"}, {d.listed, "3"}, {d.last, "c 3"},
	} {
		if _, ok := found[x]; !ok {
			t.Errorf("%s is not seen as %q", x.of.name, x.value)
		}
	}
	if len(found) != 8 {
		t.Errorf("%d registers are seen by a guest", len(found))
	}
	if w.see(whole, a, found); len(found) != 9 {
		t.Errorf("%d registers are seen by the author", len(found))
	}
}

// TestDecode takes any error in an answer for a failure.
func TestDecode(t *testing.T) {
	for _, text := range []string{"", "<html>", `{"data": null, "errors": [{"message": "x"}]}`} {
		if err := decode([]byte(text), &struct{}{}); err == nil {
			t.Errorf("%q is no failure", text)
		}
	}
	if err := decode([]byte(`{"data": {}, "errors": null}`), &struct{}{}); err != nil {
		t.Error(err)
	}
}
