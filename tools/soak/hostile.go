package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"slices"
	"strings"
	"sync"
	"time"
)

// largestText is how many bytes a text of a document may have.
const largestText = 512 << 10

// attacker is a client that sends the worst requests of one kind, one after the other.
type attacker struct {
	*client
	kind     kind
	order    order
	sent     int
	upload   string // the identifier of its last file
	revision int    // of its document
}

// kind is one kind of hostile requests.
type kind struct {
	name string
	send func(ctx context.Context, a *attacker) (answered, error)
}

// backOff is how long a client waits that was refused: it wants its next request to be work.
const backOff = 100 * time.Millisecond

func (a *attacker) run(ctx context.Context, into *tallies) {
	for ctx.Err() == nil {
		a.sent++
		got, err := a.kind.send(ctx, a)
		if ctx.Err() != nil {
			return
		}
		into.note(a.kind.name, got, err)
		if err != nil || got.refused() {
			_ = wait(ctx, backOff) // the loop ends with the context
		}
	}
}

// tally is what became of the requests of one kind.
type tally struct {
	Answered, Refused, Broken int
	Bytes                     int64
	Last                      string // error
}

type tallies struct {
	mu sync.Mutex
	by map[string]*tally
}

func (t *tallies) note(name string, a answered, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.by[name]
	if x == nil {
		x = &tally{}
		t.by[name] = x
	}
	x.Bytes += a.bytes
	switch {
	case err != nil:
		x.Broken, x.Last = x.Broken+1, err.Error()
	case a.refused():
		x.Refused++
	default:
		x.Answered++
	}
}

// kinds is all kinds. Each text is new, so that it is parsed and executed.
func kinds() []kind {
	ask := func(text func(a *attacker) string) func(context.Context, *attacker) (answered, error) {
		return func(ctx context.Context, a *attacker) (answered, error) {
			return a.ask(ctx, fmt.Sprintf("%s #%d.%d", text(a), a.order.Number, a.sent), nil)
		}
	}
	own := func(fields string) func(*attacker) string {
		return func(a *attacker) string { return fmt.Sprintf(`{ document(id: %q) { %s } }`, a.order.Document, fields) }
	}
	same := func(text string) func(*attacker) string { return func(*attacker) string { return text } }
	return []kind{
		{"texts of 8 MiB", ask(own(aliases("body", 15)))},
		{"HTML of 8 MiB", ask(own(aliases("bodyHtml", 8)))},
		{"pages of pages", ask(same(`{ documents(first: 40) { nodes { title author { username } comments(first: 20) { nodes { body author { username } replies(first: 1) { totalCount } } } } } }`))},
		{"the largest pages", ask(same(`{ documents(first: 100) { nodes { title summary author { username stats { documents } } stats { likes } comments(first: 5) { nodes { body author { username } } } } } }`))},
		{"searches", ask(same(`{ ` + aliases(`search(query: "w1* w2* w3* w4* words things", first: 50) { totalCount edges { score snippets { html } node { title } } }`, 8) + ` }`))},
		{"texts of 512 KiB", rewrite},
		{"new documents", createAndDelete},
		{"variables of 1 MiB", func(ctx context.Context, a *attacker) (answered, error) {
			return a.ask(ctx, `query($u: String!) { user(username: $u) { id } }`, variables{"u": strings.Repeat("x", 1<<20-300)})
		}},
		{"invalid texts of 64 kB", ask(same("{ nope" + strings.Repeat("#", 64<<10-200) + "\n}"))},
		{"texts of 1,900 tokens", ask(same("{ siteStats { " + strings.Repeat("users @include(if: true) ", 240) + "} }"))},
		{"uploads", uploadFile},
		{"subscriptions", subscribe},
		{"bad sign-ins", func(ctx context.Context, a *attacker) (answered, error) {
			return a.ask(ctx, `mutation($n: String!) { login(input: {username: $n, password: "a wrong password"}) { token } }`, variables{"n": fmt.Sprintf("normal-%02d", a.sent%8)})
		}},
		{"unknown tokens", guessToken},
	}
}

// chosen is the kind of a name, or all.
func chosen(name string) ([]kind, error) {
	all := kinds()
	if name == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no kind %q", name)
	}
	return all[i : i+1], nil
}

func aliases(field string, times int) string {
	var text strings.Builder
	for i := range times {
		fmt.Fprintf(&text, "a%d: %s ", i, field)
	}
	return text.String()
}

// rewrite saves another text of the largest size.
func rewrite(ctx context.Context, a *attacker) (answered, error) {
	body := fmt.Sprintf("%d %s", a.sent, texts[a.sent%len(texts)](largestText-100))
	got, err := a.ask(ctx, `mutation($i: UpdateDocumentInput!) { updateDocument(input: $i) { document { revision } } }`,
		variables{"i": variables{"documentId": a.order.Document, "expectedRevision": a.revision, "body": body}})
	if err == nil && got.failed() == nil {
		a.revision++
	}
	return got, err
}

func createAndDelete(ctx context.Context, a *attacker) (answered, error) {
	got, err := a.ask(ctx, createMutation, variables{"title": "Another", "body": fmt.Sprintf("%d %s", a.sent, texts[a.sent%len(texts)](largestText-100))})
	if err != nil || got.failed() != nil {
		return got, err
	}
	var made struct {
		Data struct {
			CreateDocument struct{ Document struct{ ID string } }
		}
	}
	if err := json.Unmarshal(got.head, &made); err != nil {
		return got, err
	}
	_, err = a.ask(ctx, `mutation($id: ID!) { deleteDocument(input: {documentId: $id}) { documentId } }`, variables{"id": made.Data.CreateDocument.Document.ID})
	return got, err
}

// uploadFile sends a file of 1 MiB, and deletes the one before.
func uploadFile(ctx context.Context, a *attacker) (answered, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	err := w.WriteField("operations", `{"query": "mutation($f: Upload!) { uploadFile(input: {file: $f}) { file { id } } }", "variables": {"f": null}}`)
	if err == nil {
		err = w.WriteField("map", `{"0": ["variables.f"]}`)
	}
	if err != nil {
		return answered{}, err
	}
	file, err := w.CreateFormFile("0", "a.txt")
	if err == nil {
		_, err = fmt.Fprintf(file, "%d %d %s", a.order.Number, a.sent, manyWords()[:1<<20-100])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return answered{}, err
	}
	got, err := a.post(ctx, body.Bytes(), w.FormDataContentType())
	var made struct {
		Data struct {
			UploadFile struct{ File struct{ ID string } }
		}
	}
	if err != nil || got.failed() != nil || json.Unmarshal(got.head, &made) != nil {
		return got, err
	}
	if a.upload != "" {
		_, err = a.ask(ctx, `mutation($id: ID!) { deleteFile(input: {fileId: $id}) { fileId } }`, variables{"id": a.upload})
	}
	a.upload = made.Data.UploadFile.File.ID
	return got, err
}

// streams is how many subscriptions an attacker has at one time.
const streams = 20

// subscribe opens streams whose events are large, and causes events, for a while.
func subscribe(ctx context.Context, a *attacker) (answered, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": fmt.Sprintf(`subscription { documentStatsChanged(documentId: %q, current: true) { likes document { %s } } }`, a.order.Document, aliases("body", 4))})
	if err != nil {
		return answered{}, err
	}
	var all sync.WaitGroup
	for range streams {
		all.Go(func() {
			_, _ = a.post(ctx, body, "application/json", "Accept", "text/event-stream") // it ends when the server or the context does
		})
	}
	var got answered
	for like := true; ctx.Err() == nil; like = !like {
		mutation := likeMutation
		if !like {
			mutation = unlikeIt
		}
		if next, err := a.ask(ctx, mutation, variables{"id": a.order.Document}); err == nil {
			got = next
		}
		_ = wait(ctx, backOff) // the loop ends with the context
	}
	all.Wait()
	return got, nil
}

// guessToken asks as the holder of a token that does not exist.
func guessToken(ctx context.Context, a *attacker) (answered, error) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	guessing := client{http: a.http, url: a.url, token: base64.RawURLEncoding.EncodeToString(raw)}
	return guessing.ask(ctx, viewerQuery, nil)
}

// texts are texts of so many bytes that are much work to render or to index.
var texts = []func(bytes int) string{
	func(n int) string { return manyWords()[:n] },
	func(n int) string { return strings.Repeat("# a\n", n/4) },
	func(n int) string { return strings.Repeat("*a_b", n/4) },
	func(n int) string { return strings.Repeat("- a\n  - b\n", n/10) },
}

// manyWords is 1 MiB of as many different words as possible.
var manyWords = sync.OnceValue(func() string {
	var text strings.Builder
	for i := 0; text.Len() < 1<<20; i++ {
		fmt.Fprintf(&text, "w%d ", i)
	}
	return text.String()[:1<<20]
})
