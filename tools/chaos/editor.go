package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// What the editors do: as many as the server allows an account sessions to have write at once, each at its own pace.
const (
	editorPause    = 300 * time.Millisecond
	editorsEach    = 50
	editorFaults   = 10 // of each kind
	editorDown     = time.Second
	editorFiller   = 4 << 10 // bytes of a text
	editorGiveUpIn = time.Minute
)

// writing is one editor session, and the answers that its client got.
type writing struct {
	id, token string
	revision  int
	acked     string // the last text that was answered to be saved
	sent      string // the last text that was sent

	saves, retries int
	took           []time.Duration
	lost           error
}

const (
	openEditorMutation = `mutation { openEditorSession(input: {title: "t", content: "0"}) { session { id revision } } }`
	autosaveMutation   = `mutation($id: ID!, $revision: Int!, $content: String!) {
		autosaveEditorSession(input: {sessionId: $id, expectedRevision: $revision, content: $content}) { session { revision } } }`
	editorQuery = `query($id: ID!) { node(id: $id) { ... on EditorSession { content revision } } }`
)

// edit has clients autosave while the server is killed, and Redis, in turns, and then asks for every text: what was
// answered to be saved must be there.
func edit(ctx context.Context, o options, out io.Writer) error {
	p, err := build(ctx, o, 1, "")
	defer p.demolish()
	if err != nil {
		return err
	}
	all, err := beginWriting(ctx, p, o.editors)
	if err != nil {
		return err
	}
	before, err := p.writes(ctx)
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, o.duration)
	defer cancel()
	var clients sync.WaitGroup
	for i, w := range all {
		clients.Go(func() { w.write(bounded, p, time.Duration(i)*editorPause/time.Duration(len(all))) })
	}
	faults, err := killInTurns(bounded, p, o.duration, out)
	clients.Wait()
	if err != nil {
		return err
	}
	after, err := p.writes(ctx)
	if err != nil {
		return err
	}
	return judge(ctx, p, all, faults, after-before, out)
}

func beginWriting(ctx context.Context, p *plant, n int) ([]*writing, error) {
	l, err := p.any(func(int) int { return 0 })
	if err != nil {
		return nil, err
	}
	var all []*writing
	token := ""
	for i := range n {
		if i%editorsEach == 0 {
			var in struct{ Register struct{ Token string } }
			name := fmt.Sprintf("editor-%02d", i/editorsEach)
			err := l.call(ctx, "", registerMutation, variables{"username": name, "email": name + "@example.org", "password": password}, &in)
			if err != nil {
				return nil, err
			}
			token = in.Register.Token
		}
		var made struct {
			OpenEditorSession struct {
				Session struct {
					ID       string
					Revision int
				}
			}
		}
		if err := l.call(ctx, token, openEditorMutation, nil, &made); err != nil {
			return nil, err
		}
		s := made.OpenEditorSession.Session
		all = append(all, &writing{id: s.ID, token: token, revision: s.Revision, acked: "0", sent: "0"})
	}
	return all, nil
}

// write saves one text after the other until the time is over; each until it is answered.
func (w *writing) write(ctx context.Context, p *plant, offset time.Duration) {
	if wait(ctx, offset) != nil {
		return
	}
	filler := strings.Repeat("写 words ", editorFiller/10)
	for n := 1; ctx.Err() == nil && w.lost == nil; n++ {
		began := time.Now()
		w.sent = fmt.Sprintf("%d %s", n, filler)
		w.save(ctx, p)
		if rest := editorPause - time.Since(began); rest > 0 {
			_ = wait(ctx, rest) // the loop ends with the time
		}
	}
}

// save sends the text until it is answered, or for too long.
func (w *writing) save(ctx context.Context, p *plant) {
	for began := time.Now(); ; w.retries++ {
		var saved struct {
			AutosaveEditorSession struct{ Session struct{ Revision int } }
		}
		tried := time.Now()
		err := errNobody
		if l, up := p.instances[0].alive(); up {
			err = l.call(context.WithoutCancel(ctx), w.token, autosaveMutation, variables{"id": w.id, "revision": w.revision, "content": w.sent}, &saved)
		}
		if err == nil {
			w.took = append(w.took, time.Since(tried))
			w.acked, w.revision, w.saves = w.sent, saved.AutosaveEditorSession.Session.Revision, w.saves+1
			return
		}
		if ctx.Err() != nil {
			return // the text was sent, and may be there or not
		}
		if strings.Contains(err.Error(), "CONFLICT") || time.Since(began) > editorGiveUpIn {
			w.lost = err
			return
		}
		_ = wait(ctx, editorPause/6) // the loop ends with the time
	}
}

// killInTurns kills the server and Redis in turns, never both at once, and returns how often.
func killInTurns(ctx context.Context, p *plant, over time.Duration, out io.Writer) (int, error) {
	random := rand.New(rand.NewPCG(1, 2))
	every := over / (2*editorFaults + 1)
	began, struck := time.Now(), 0
	for i := range 2 * editorFaults {
		if wait(ctx, time.Until(began.Add(time.Duration(i+1)*every))) != nil {
			return struck, nil
		}
		var err error
		if i%2 == 0 {
			err = killInstance(ctx, p, random)
		} else {
			p.redis.Stop()
			err = errors.Join(wait(ctx, editorDown), p.redis.Restart(context.WithoutCancel(ctx)))
		}
		if err != nil && ctx.Err() == nil {
			return struck, err
		}
		struck++
		_, _ = fmt.Fprintf(out, "%d of %d faults\n", struck, 2*editorFaults) // progress
	}
	<-ctx.Done()
	return struck, nil
}

// writes is how many transactions that write the database has begun.
func (p *plant) writes(ctx context.Context) (n int64, err error) {
	err = p.database.QueryRowContext(ctx, "SELECT pg_current_xact_id()::text::bigint").Scan(&n)
	return n, err
}

// judge reads every text, and compares it with the last answer to its client.
func judge(ctx context.Context, p *plant, all []*writing, faults int, writes int64, out io.Writer) error {
	l, err := p.any(func(int) int { return 0 })
	if err != nil {
		return err
	}
	var took []time.Duration
	saves, retries, wrong := 0, 0, 0
	for _, w := range all {
		var found struct {
			Node struct {
				Content  string
				Revision int
			}
		}
		if err := l.call(ctx, w.token, editorQuery, variables{"id": w.id}, &found); err != nil {
			return err
		}
		saves, retries, took = saves+w.saves, retries+w.retries, append(took, w.took...)
		if text := found.Node.Content; w.lost != nil || text != w.acked && text != w.sent {
			wrong++
			_, _ = fmt.Fprintf(out, "session %s: revision %d is there, %d was answered last; %v\n", w.id, found.Node.Revision, w.revision, w.lost) // the count below fails
		}
	}
	_, _ = fmt.Fprintf(out, "%d sessions, %d faults, %d autosaves answered, %d tries again, p50 %v, p99 %v; %d writing transactions, %.3f for each autosave\n",
		len(all), faults, saves, retries, short(percentile(took, 0.5)), short(percentile(took, 0.99)), writes, float64(writes)/float64(max(saves, 1)))
	if wrong > 0 {
		return fmt.Errorf("%d sessions do not hold what was answered last", wrong)
	}
	return nil
}
