package graph_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"docsquare/internal/nodeid"
)

var clientsFor = flag.Duration("clients-for", 20*time.Second, "how long the concurrent clients write")

const (
	concurrentClients = 64
	sharedDocuments   = 10
)

// TestConcurrentClients has many clients like, keep and comment on the same few documents for a while. No client gets an
// error or sees an answer that is older than its own last write, and in the end every counter equals the rows it counts.
func TestConcurrentClients(t *testing.T) {
	for _, dialect := range both {
		t.Run(dialect, func(t *testing.T) {
			app := served(t, dialect)
			shared := &board{}
			for i := range sharedDocuments {
				shared.documents[i] = global(nodeid.Document, fmt.Sprintf("doc%02d", i+1))
			}
			var readers []*reader
			for i, u := range accounts(t, app, concurrentClients) {
				c := client{handler: app.Handler, token: app.Token(t, u.ID)}
				readers = append(readers, newReader(c, shared, i))
			}
			ctx, cancel := context.WithTimeout(t.Context(), *clientsFor)
			defer cancel()
			var all sync.WaitGroup
			for _, r := range readers {
				all.Go(func() {
					if err := r.run(t.Context(), ctx.Done()); err != nil {
						t.Errorf("client %d after %d writes: %v", r.number, r.writes, err)
						cancel()
					}
				})
			}
			all.Wait()
			writes := 0
			for _, r := range readers {
				writes += r.writes
			}
			t.Logf("%d clients wrote %d times", len(readers), writes)
			compareCounters(t, app, shared.documents[:], readers)
		})
	}
}

// board is what the clients know of each other: the latest comments on each document, to reply to.
type board struct {
	documents [sharedDocuments]string

	mu       sync.Mutex
	comments [sharedDocuments][]string
}

const boardSize = 5

func (b *board) put(document int, comment string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := &b.comments[document]
	*list = append(*list, comment)
	*list = (*list)[max(0, len(*list)-boardSize):]
}

func (b *board) pick(document int) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.comments[document]
	if len(list) == 0 {
		return "", false
	}
	return list[rand.IntN(len(list))], true
}

// reader is one signed-in client, and what it has done.
type reader struct {
	client
	board   *board
	number  int
	replies bool // replies to others, so that its comments go with theirs
	writes  int

	liked, kept [sharedDocuments]bool
	comments    [sharedDocuments]map[string]string // by identifier: the text
	atRisk      [sharedDocuments]map[string]bool   // replies that go with the comment of another
}

func newReader(c client, b *board, number int) *reader {
	r := &reader{client: c, board: b, number: number, replies: number%2 == 1}
	for i := range sharedDocuments {
		r.comments[i], r.atRisk[i] = map[string]string{}, map[string]bool{}
	}
	return r
}

// run writes and reads back until the time is over, and stops at the first error.
func (r *reader) run(ctx context.Context, over <-chan struct{}) error {
	acts := []func(context.Context, int) error{r.like, r.like, r.keep, r.keep, r.comment, r.comment, r.rewrite, r.remove, r.reply, r.removeReply}
	for {
		select {
		case <-over:
			return nil
		default:
		}
		document := rand.IntN(sharedDocuments)
		if err := acts[rand.IntN(len(acts))](ctx, document); err != nil {
			return err
		}
		r.writes++
		if err := r.readBack(ctx, document); err != nil {
			return err
		}
	}
}

// like turns the like of a document over.
func (r *reader) like(ctx context.Context, document int) error {
	field := map[bool]string{false: "likeDocument", true: "unlikeDocument"}[r.liked[document]]
	r.liked[document] = !r.liked[document]
	return r.mark(ctx, document, field, "viewerHasLiked", r.liked[document])
}

// keep turns the favorite over.
func (r *reader) keep(ctx context.Context, document int) error {
	field := map[bool]string{false: "favoriteDocument", true: "unfavoriteDocument"}[r.kept[document]]
	r.kept[document] = !r.kept[document]
	return r.mark(ctx, document, field, "viewerHasFavorited", r.kept[document])
}

func (r *reader) mark(ctx context.Context, document int, field, shows string, want bool) error {
	var out map[string]struct{ Document map[string]bool }
	query := fmt.Sprintf(`mutation ($id: ID!) { %s(input: {documentId: $id}) { document { %s } } }`, field, shows)
	if err := r.into(ctx, query, variables{"id": r.board.documents[document]}, &out); err != nil {
		return err
	}
	if got := out[field].Document[shows]; got != want {
		return fmt.Errorf("the payload of %s shows %s %t", field, shows, got)
	}
	return nil
}

const addComment = `mutation ($id: ID!, $parent: ID, $body: String!) {
	addComment(input: {documentId: $id, parentId: $parent, body: $body}) { comment { id body } } }`

type written struct {
	AddComment struct{ Comment struct{ ID, Body string } }
}

func (r *reader) comment(ctx context.Context, document int) error {
	var out written
	body := fmt.Sprintf("client %d, write %d", r.number, r.writes)
	if err := r.into(ctx, addComment, variables{"id": r.board.documents[document], "body": body}, &out); err != nil {
		return err
	}
	r.comments[document][out.AddComment.Comment.ID] = body
	r.board.put(document, out.AddComment.Comment.ID)
	return nil
}

func (r *reader) rewrite(ctx context.Context, document int) error {
	for id := range r.comments[document] {
		body := fmt.Sprintf("client %d, write %d, again", r.number, r.writes)
		var out map[string]struct{ Comment struct{ Body string } }
		query := `mutation ($id: ID!, $body: String!) { updateComment(input: {commentId: $id, body: $body}) { comment { body } } }`
		r.comments[document][id] = body
		return r.into(ctx, query, variables{"id": id, "body": body}, &out)
	}
	return r.comment(ctx, document)
}

const deleteComment = `mutation ($id: ID!) { deleteComment(input: {commentId: $id}) { commentId } }`

// remove deletes comments of the client's own, with the replies of others to them.
func (r *reader) remove(ctx context.Context, document int) error {
	var out any
	for id := range r.comments[document] {
		if err := r.into(ctx, deleteComment, variables{"id": id}, &out); err != nil {
			return err
		}
		delete(r.comments[document], id)
		var gone struct{ Node *struct{ ID string } }
		if err := r.into(ctx, `query ($id: ID!) { node(id: $id) { id } }`, variables{"id": id}, &gone); err != nil {
			return err
		}
		if gone.Node != nil {
			return fmt.Errorf("the deleted comment %s is still there", id)
		}
	}
	return nil
}

// reply replies to somebody. That comment may be gone by then, and the reply before its payload is read.
func (r *reader) reply(ctx context.Context, document int) error {
	parent, ok := r.board.pick(document)
	if !r.replies || !ok {
		return r.comment(ctx, document)
	}
	a, err := r.send(ctx, addComment, variables{"id": r.board.documents[document], "parent": parent, "body": "a reply"})
	if err != nil || a.code() == "NOT_FOUND" {
		return err
	}
	var out written
	if err := a.decode(&out); err != nil {
		return err
	}
	r.atRisk[document][out.AddComment.Comment.ID] = true
	return nil
}

// removeReply deletes replies, where they have not gone with the comment above them.
func (r *reader) removeReply(ctx context.Context, document int) error {
	for id := range r.atRisk[document] {
		a, err := r.send(ctx, deleteComment, variables{"id": id})
		if err != nil {
			return err
		}
		if a.code() != "NOT_FOUND" {
			if err := a.decode(new(any)); err != nil {
				return err
			}
		}
		delete(r.atRisk[document], id)
	}
	return nil
}

// settle forgets the replies that have gone with the comment above them.
func (r *reader) settle(ctx context.Context) error {
	for document := range r.atRisk {
		for id := range r.atRisk[document] {
			var out struct{ Node *struct{ ID string } }
			if err := r.into(ctx, `query ($id: ID!) { node(id: $id) { id } }`, variables{"id": id}, &out); err != nil {
				return err
			}
			if out.Node == nil {
				delete(r.atRisk[document], id)
			}
		}
	}
	return nil
}
