package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// reader asks instances for many registers at a time, as a front end would, and judges each that it sees.
type reader struct {
	*campaigning
	random *rand.Rand
	copies copies
}

const pageSize = 20

const readQuery = `query($ids: [ID!]!, $username: String!) {
	square: documents(first: 20, orderBy: {field: UPDATED_AT}) { nodes { ...d } }
	nodes(ids: $ids) { ...d }
	user(username: $username) { ...u }
}` + fragments

const fragments = `
fragment u on User { id displayName documents(first: 1) { totalCount } stats { documents } }
fragment d on Document {
	id title viewerHasLiked author { ...u } stats { likes comments } comments(last: 1) { totalCount nodes { body } }
}`

// keptQuery is short, so that the same request comes again and is answered by a kept answer.
const keptQuery = `query($ids: [ID!]!, $username: String!) { nodes(ids: $ids) { ...d } user(username: $username) { ...u } }` + fragments

const viewerQuery = `{ viewer { id } }`

type userView struct {
	ID, DisplayName string
	Documents       *struct{ TotalCount int }
	Stats           *struct{ Documents int }
}

type docView struct {
	ID, Title      string
	ViewerHasLiked bool
	Author         *userView
	Stats          *struct{ Likes, Comments int }
	Comments       *struct {
		TotalCount int
		Nodes      []*struct{ Body string }
	}
}

type answer struct {
	Square struct{ Nodes []*docView }
	Nodes  []*docView
	User   *userView
}

func (r *reader) run(ctx context.Context, rate float64) {
	pace(ctx, r.random, rate, func() {
		if s := r.world.session(r.random.IntN); s != nil && r.random.IntN(4) == 0 {
			r.try(ctx, s)
			return
		}
		l, err := r.plant.any(r.random.IntN)
		switch {
		case err != nil:
		case r.random.IntN(2) == 0:
			r.read(ctx, l)
		default:
			r.readAgain(ctx, l)
		}
	})
}

// seen is a register with a value that an answer shows for it.
type seen struct {
	of    *checked
	value string
}

// read asks an instance for a page of documents with all that belongs to them.
func (r *reader) read(ctx context.Context, l life) { r.ask(ctx, l, readQuery, r.variables()) }

// readAgain asks an instance several times for little, so that it answers by kept answers.
func (r *reader) readAgain(ctx context.Context, l life) {
	i := r.random.IntN(keptRequests)
	vars := variables{"ids": []string{r.world.ids[i%len(r.world.ids)]}, "username": r.world.accounts[i%len(r.world.accounts)].username}
	for range keptReads {
		r.ask(ctx, l, keptQuery, vars)
	}
}

// How many different requests come again, and how often in a row.
const (
	keptRequests = 3
	keptReads    = 8
)

// ask sends a query as one of the accounts or as a guest, who sends short ones by GET, and judges what the answer shows.
func (r *reader) ask(ctx context.Context, l life, query string, vars variables) {
	viewer := &account{}
	if r.random.IntN(2) == 0 {
		viewer = r.world.accounts[r.random.IntN(len(r.world.accounts))]
	}
	var a answer
	var err error
	began := time.Now()
	if viewer.token == "" && query == keptQuery {
		err = l.get(ctx, r.copies, query, vars, &a)
	} else {
		err = l.call(ctx, viewer.token, query, vars, &a)
	}
	end := time.Now()
	if err != nil {
		if !l.dead(ctx) {
			r.record.violate(failedRequest, r.windows.over(began, end), "read on instance %d: %v", l.run.instance, err)
		}
		return
	}
	found := map[seen]struct{}{}
	problems := r.world.see(a, viewer, found)
	for _, problem := range problems {
		r.record.violate(missing, r.windows.over(began, end), "%s on instance %d", problem, l.run.instance)
	}
	for x := range found {
		r.judge(x.of, sight{value: x.value, by: l.run, began: began, end: end})
	}
}

func (r *reader) variables() variables {
	ids := make([]string, 0, pageSize)
	for _, i := range r.random.Perm(len(r.world.ids))[:min(pageSize, len(r.world.ids))] {
		ids = append(ids, r.world.ids[i])
	}
	return variables{"ids": ids, "username": r.world.accounts[r.random.IntN(len(r.world.accounts))].username}
}

// see collects every register that an answer shows, and returns what is missing in it.
func (w *world) see(a answer, viewer *account, found map[seen]struct{}) (problems []string) {
	if a.User == nil {
		problems = append(problems, "an account is not shown")
	} else {
		problems = append(problems, w.seeUser(a.User, found)...)
	}
	for _, d := range append(a.Nodes, a.Square.Nodes...) {
		if d == nil {
			problems = append(problems, "a document is not shown")
			continue
		}
		problems = append(problems, w.seeDocument(d, viewer, found)...)
	}
	return problems
}

func (w *world) seeUser(u *userView, found map[seen]struct{}) []string {
	a := w.byUser[u.ID]
	if a == nil {
		return nil // of the sample
	}
	if u.Documents == nil || u.Stats == nil {
		return []string{a.username + " lacks a part"}
	}
	found[seen{a.name, u.DisplayName}] = struct{}{}
	found[seen{a.documents, strconv.Itoa(u.Documents.TotalCount)}] = struct{}{}
	found[seen{a.counted, strconv.Itoa(u.Stats.Documents)}] = struct{}{}
	return nil
}

func (w *world) seeDocument(view *docView, viewer *account, found map[seen]struct{}) (problems []string) {
	if view.Author == nil || view.Stats == nil || view.Comments == nil {
		return []string{"a document lacks a part"}
	}
	problems = w.seeUser(view.Author, found)
	d := w.docs[view.ID]
	if d == nil {
		return problems // one that no writer writes to
	}
	last := ""
	if n := view.Comments.Nodes; len(n) > 0 && n[0] != nil {
		last = n[0].Body
	}
	found[seen{d.title, view.Title}] = struct{}{}
	found[seen{d.comments, strconv.Itoa(view.Stats.Comments)}] = struct{}{}
	found[seen{d.listed, strconv.Itoa(view.Comments.TotalCount)}] = struct{}{}
	found[seen{d.last, last}] = struct{}{}
	found[seen{d.likes, strconv.Itoa(view.Stats.Likes)}] = struct{}{}
	if viewer == d.owner {
		found[seen{d.liked, strconv.FormatBool(view.ViewerHasLiked)}] = struct{}{}
	}
	return problems
}

// try asks an instance who a session's token belongs to.
func (r *reader) try(ctx context.Context, s *session) {
	l, err := r.plant.any(r.random.IntN)
	if err != nil {
		return
	}
	x := sight{value: open, by: l.run, began: time.Now()}
	err = l.call(ctx, s.token, viewerQuery, nil, &struct{}{})
	x.end = time.Now()
	if errors.Is(err, errRefused) {
		x.value, err = ended, nil
	}
	if err != nil {
		if !l.dead(ctx) {
			r.record.violate(failedRequest, r.windows.over(x.began, x.end), "token on instance %d: %v", l.run.instance, err)
		}
		return
	}
	r.judge(s.state, x)
}

// judge counts a checked read and reports where it is older than it may be.
func (c *campaigning) judge(of *checked, s sight) {
	f := of.judge(s)
	fault := c.windows.over(s.began, s.end)
	c.record.checked(f, fault)
	bound := healthyBound
	if fault != "" {
		bound = faultBound
	}
	says := func() string {
		text := fmt.Sprintf("%s on instance %d: %q, but %q was acknowledged %v before", of.name, s.by.instance, s.value, f.missed, f.stale.Round(time.Millisecond/10))
		if c.heart.stalled(f.acked, s.end) {
			text += " (the machine stalled meanwhile)"
		}
		return text
	}
	switch {
	case !f.known:
		c.record.violate(phantom, fault, "%s on instance %d: %q", of.name, s.by.instance, s.value)
	case f.own:
		c.record.violate(staleOwn, fault, "%s", says())
	case f.stale > bound && fault == "":
		c.record.violate(staleHealthy, fault, "%s", says())
	case f.stale > bound:
		c.record.violate(staleFault, fault, "%s", says())
	}
}
