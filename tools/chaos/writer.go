package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// writer changes one account and its documents, one write at a time, through any instance.
type writer struct {
	*campaigning
	account *account
	random  *rand.Rand
	count   struct{ title, name, documents int }

	leaves bool          // disconnects during every other write
	usual  time.Duration // how long writes have taken of late
}

// setting is a register with the value that a write gives it.
type setting struct {
	of    *checked
	value string
}

// write is one mutation and what it changes.
type write struct {
	token, mutation string
	input           variables
	sets            []setting
	done            func() // once it is committed
	data            any
}

func (w *writer) run(ctx context.Context, rate float64) {
	pace(ctx, w.random, rate, func() {
		if n := w.random.IntN(100); n < 6 {
			w.endSession(ctx)
		} else {
			w.perform(ctx, w.next(n))
		}
	})
}

// pace calls f at a rate, each time after a moment that varies by a half to both sides, until the context ends.
func pace(ctx context.Context, random *rand.Rand, rate float64, f func()) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		due := time.Duration((0.5 + random.Float64()) / rate * float64(time.Second))
		timer.Reset(due) // from the beginning of a request to that of the next
		f()
	}
}

const (
	titleMutation = `mutation($input: UpdateDocumentInput!) { updateDocument(input: $input) { document { id } } }`
	nameMutation  = `mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }`
	newMutation   = `mutation($input: CreateDocumentInput!) { createDocument(input: $input) { document { id } } }`
	commentOn     = `mutation($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }`
	likeIt        = `mutation($input: LikeDocumentInput!) { likeDocument(input: $input) { document { id } } }`
	unlikeIt      = `mutation($input: UnlikeDocumentInput!) { unlikeDocument(input: $input) { document { id } } }`
	loginMutation = `mutation($input: LoginInput!) { login(input: $input) { token } }`
	logoutIt      = `mutation { logout { loggedOut } }`
)

// next is a write that a number below 100 chooses.
func (w *writer) next(n int) write {
	d := w.account.docs[w.random.IntN(len(w.account.docs))]
	switch {
	case n < 40:
		return w.retitle(d)
	case n < 60:
		return w.comment(d)
	case n < 82:
		return w.mark(d)
	case n < 92:
		return w.rename()
	}
	return w.create()
}

func (w *writer) retitle(d *doc) write {
	w.count.title++
	title := fmt.Sprintf("v %d", w.count.title)
	return write{
		mutation: titleMutation, input: variables{"documentId": d.id, "expectedRevision": d.revision, "title": title},
		sets: []setting{{d.title, title}}, done: func() { d.revision++ },
	}
}

func (w *writer) rename() write {
	w.count.name++
	name := fmt.Sprintf("n %d", w.count.name)
	return write{mutation: nameMutation, input: variables{"displayName": name}, sets: []setting{{w.account.name, name}}}
}

func (w *writer) create() write {
	w.count.documents++
	documents := plusOne(w.account.documents)
	return write{
		mutation: newMutation, input: variables{"title": fmt.Sprintf("another %d", w.count.documents), "body": "Text.", "visibility": "PUBLIC"},
		sets: []setting{{w.account.documents, documents}, {w.account.counted, documents}},
	}
}

func (w *writer) comment(d *doc) write {
	comments := plusOne(d.comments)
	body := "c " + comments
	return write{
		mutation: commentOn, input: variables{"documentId": d.id, "body": body},
		sets: []setting{{d.comments, comments}, {d.listed, comments}, {d.last, body}},
	}
}

func (w *writer) mark(d *doc) write {
	x := write{mutation: likeIt, input: variables{"documentId": d.id}, sets: []setting{{d.liked, "true"}, {d.likes, "1"}}}
	if d.liked.current() == "true" {
		x.mutation, x.sets = unlikeIt, []setting{{d.liked, "false"}, {d.likes, "0"}}
	}
	return x
}

func plusOne(of *checked) string {
	n, _ := strconv.Atoi(of.current()) // the harness wrote it
	return strconv.Itoa(n + 1)
}

// perform sends a write to some instance and notes what became of it.
func (w *writer) perform(ctx context.Context, x write) {
	l, err := w.plant.any(w.random.IntN)
	if err != nil || ctx.Err() != nil {
		return
	}
	if x.token == "" {
		x.token = w.account.token
	}
	before := make([]string, len(x.sets))
	for i, s := range x.sets {
		before[i] = s.of.current()
		s.of.begin(s.value, time.Now())
	}
	// A write that was sent is seen to its end, also when the campaign ends meanwhile.
	connected, disconnect := w.connection(context.WithoutCancel(ctx))
	sent := time.Now()
	err = l.call(connected, x.token, x.mutation, variables{"input": x.input}, &x.data)
	acked, left := time.Now(), connected.Err() != nil
	disconnect()
	committed := err == nil
	switch {
	case err != nil && left:
		committed = w.afterLeaving(context.WithoutCancel(ctx), x, before)
	case err != nil:
		if !l.dead(context.WithoutCancel(ctx)) {
			w.record.violate(failedRequest, w.windows.over(acked, acked), "write of %s on instance %d: %v", x.sets[0].of.name, l.run.instance, err)
		}
		committed = w.resolve(context.WithoutCancel(ctx), x, before)
	default:
		w.usual += (acked.Sub(sent) - w.usual) / 8
		for _, s := range x.sets {
			s.of.acknowledge(l.run, acked)
		}
	}
	if !committed {
		return
	}
	w.record.wrote()
	if x.done != nil {
		x.done()
	}
	w.lookAt(ctx)
}

// lookAt reads after every other write from some instance, for nothing is as likely to be stale as what was just written.
func (w *writer) lookAt(ctx context.Context) {
	if l, err := w.plant.any(w.random.IntN); err == nil && w.random.IntN(2) == 0 {
		r := reader{campaigning: w.campaigning, random: w.random}
		r.read(ctx, l)
	}
}

// resolve finds out what became of a write that was not acknowledged.
func (w *writer) resolve(ctx context.Context, x write, before []string) (committed bool) {
	w.record.unknown.Add(1)
	for i, s := range x.sets {
		ok, sound, err := s.of.resolve(ctx, w.plant.database, before[i], s.value)
		if err != nil {
			w.fail(fmt.Errorf("the truth of %s: %w", s.of.name, err))
			return false
		}
		if !sound {
			w.record.violate(lostWrite, "", "%s is neither %q nor %q in the database", s.of.name, before[i], s.value)
		}
		committed = committed || ok
	}
	return committed
}

// endSession opens a session, leaves its token to the readers for a moment, and ends it.
func (w *writer) endSession(ctx context.Context) {
	l, err := w.plant.any(w.random.IntN)
	if err != nil {
		return
	}
	var in struct{ Login struct{ Token string } }
	input := variables{"input": variables{"username": w.account.username, "password": password}}
	if err := l.call(ctx, "", loginMutation, input, &in); err != nil {
		if now := time.Now(); !l.dead(ctx) {
			w.record.violate(failedRequest, w.windows.over(now, now), "login on instance %d: %v", l.run.instance, err)
		}
		return
	}
	s, err := w.world.opened(in.Login.Token, time.Now())
	if err != nil {
		w.fail(err)
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-time.After(time.Duration(w.random.IntN(500)) * time.Millisecond):
	}
	w.perform(ctx, write{token: s.token, mutation: logoutIt, sets: []setting{{s.state, ended}}})
}
