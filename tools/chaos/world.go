package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
	"time"

	"docsquare/internal/nodeid"
)

// world is what the campaign has made through the API, with a register for each field that is checked.
type world struct {
	accounts []*account
	docs     map[string]*doc // by global identifier; never changed after the set-up
	ids      []string
	byUser   map[string]*account // by global identifier

	mu       sync.Mutex
	sessions []*session // the newest that were opened to be ended
}

type account struct {
	id, username, token string

	name, documents, counted *checked // display name, documents.totalCount, stats.documents
	docs                     []*doc
}

type doc struct {
	id       string
	owner    *account
	revision int // for the owner's writer alone

	title, comments, listed, last, liked, likes *checked // listed: comments.totalCount, last: the newest comment
}

// session is one that is ended while readers try its token.
type session struct {
	token string
	state *checked
}

// The values of a session's register.
const (
	open  = "open"
	ended = "ended"
)

// checked is a register with the way to its truth.
type checked struct {
	*register
	truth truth
}

const (
	docsEach    = 4
	password    = "a long password"
	keptSession = 64
)

const registerMutation = `mutation($username: String!, $email: String!, $password: String!) {
	register(input: {username: $username, email: $email, displayName: "n 0", password: $password}) { token user { id } } }`

const createMutation = `mutation($title: String!) {
	createDocument(input: {title: $title, body: "Text.", visibility: PUBLIC}) { document { id } } }`

// populate makes an account for each writer, with documents.
func populate(ctx context.Context, p *plant, writers int) (*world, error) {
	w := &world{docs: map[string]*doc{}, byUser: map[string]*account{}}
	for i := range writers {
		l, err := p.any(func(n int) int { return i % n })
		if err != nil {
			return nil, err
		}
		if err := w.settle(ctx, l, fmt.Sprintf("writer-%02d", i)); err != nil {
			return nil, fmt.Errorf("set-up: %w", err)
		}
	}
	return w, nil
}

func (w *world) settle(ctx context.Context, l life, username string) error {
	var in struct {
		Register struct {
			Token string
			User  struct{ ID string }
		}
	}
	err := l.call(ctx, "", registerMutation, variables{"username": username, "email": username + "@example.org", "password": password}, &in)
	if err != nil {
		return err
	}
	a := &account{id: in.Register.User.ID, username: username, token: in.Register.Token}
	for range docsEach {
		var made struct {
			CreateDocument struct{ Document struct{ ID string } }
		}
		if err := l.call(ctx, a.token, createMutation, variables{"title": "v 0"}, &made); err != nil {
			return err
		}
		a.docs = append(a.docs, &doc{id: made.CreateDocument.Document.ID, owner: a, revision: 1})
	}
	return w.note(a, time.Now())
}

// note makes the registers of an account and its documents.
func (w *world) note(a *account, at time.Time) error {
	user, err := nodeid.Parse(a.id)
	if err != nil {
		return err
	}
	of := func(what, value string, t truth) *checked {
		return &checked{newRegister(what+" of "+t.of, value, at), t}
	}
	made := fmt.Sprint(docsEach)
	a.name = of("displayName", "n 0", accountTruth(a.username, user.UUID, "display_name"))
	a.documents = of("documents.totalCount", made, documentsTruth(a.username, user.UUID))
	a.counted = of("stats.documents", made, documentsTruth(a.username, user.UUID))
	for i, d := range a.docs {
		id, err := nodeid.Parse(d.id)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("document %d of %s", i, a.username)
		d.title = of("title", "v 0", documentTruth(name, id.UUID, selectTitle))
		d.comments = of("stats.comments", "0", documentTruth(name, id.UUID, countComments))
		d.listed = of("comments.totalCount", "0", documentTruth(name, id.UUID, countComments))
		d.last = of("last comment", "", documentTruth(name, id.UUID, selectLast))
		d.liked = of("viewerHasLiked", "false", documentTruth(name, id.UUID, selectLiked))
		d.likes = of("stats.likes", "0", documentTruth(name, id.UUID, countLikes))
		w.docs[d.id], w.ids = d, append(w.ids, d.id)
	}
	w.accounts, w.byUser[a.id] = append(w.accounts, a), a
	return nil
}

// opened notes a session that will be ended.
func (w *world) opened(token string, at time.Time) (*session, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, fmt.Errorf("a session token is not what it was: %w", err)
	}
	hash := sha256.Sum256(raw)
	t := sessionTruth(fmt.Sprintf("session %x", hash[:4]), hash[:])
	s := &session{token: token, state: &checked{newRegister("state of "+t.of, open, at), t}}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions = append(w.sessions, s)
	if len(w.sessions) > keptSession {
		w.sessions = w.sessions[1:]
	}
	return s, nil
}

// session returns one of the newest, nil if there is none yet.
func (w *world) session(intn func(int) int) *session {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sessions) == 0 {
		return nil
	}
	return w.sessions[intn(len(w.sessions))]
}

// registers is every register that the end is compared with.
func (w *world) registers() []*checked {
	var all []*checked
	for _, a := range w.accounts {
		all = append(all, a.name, a.documents, a.counted)
		for _, d := range a.docs {
			all = append(all, d.title, d.comments, d.listed, d.last, d.liked, d.likes)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.sessions {
		all = append(all, s.state)
	}
	return all
}
