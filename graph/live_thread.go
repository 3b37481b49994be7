package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
)

// threadEvents is one sort of events of the comments on a document, as a list in the order in which they happened.
type threadEvents[V any] struct {
	pages *loader.Definition[page.List, page.IDs]

	// event returns what is sent for an entry of the list, and false if nothing is.
	event func(ctx context.Context, document uuid.UUID, e page.Entry) (V, bool, error)

	// counted reports that each write to the thread may be such an event. A client that leaves too many of them waiting is too slow.
	counted bool
}

var (
	additionsToThread = threadEvents[*ent.Comment]{loader.Thread, func(ctx context.Context, _ uuid.UUID, e page.Entry) (*ent.Comment, bool, error) {
		return operation.One(ctx, loader.Comments, e.ID)
	}, true}
	editsOfThread = threadEvents[*ent.Comment]{loader.Edits, func(ctx context.Context, _ uuid.UUID, e page.Entry) (*ent.Comment, bool, error) {
		c, ok, err := operation.One(ctx, loader.Comments, e.ID)
		return c, ok && c.UpdatedAt.After(c.CreatedAt), err
	}, false}
	deletionsOfThread = threadEvents[*ent.DeletedComment]{loader.Deletions, func(_ context.Context, document uuid.UUID, e page.Entry) (*ent.DeletedComment, bool, error) {
		return &ent.DeletedComment{CommentID: e.ID, DocumentID: document}, true, nil
	}, false}
)

// maxEvents is how many events one look finds at most.
const maxEvents = page.MaxSize

// watchThread subscribes to the comments on a document. What it remembers is the place of the last event that it has sent, so none is
// missed or sent twice.
func watchThread[V any](ctx context.Context, s loader.Sources, id nodeid.ID, of threadEvents[V]) (<-chan V, error) {
	document, err := id.Of(nodeid.Document, "documentId")
	if err != nil {
		return nil, err
	}
	values, start := make(chan V, 1), followLoosely
	if of.counted {
		start = follow
	}
	sub := start(ctx, s.Cache, kinds.ThreadTag(document))
	var sent page.Cursor
	err = look(ctx, s, func(ctx context.Context) error {
		if err := sees(ctx, document); err != nil {
			return err
		}
		end, _, err := operation.One(ctx, of.pages, page.List{Of: document, Args: page.Args{Size: 1, Backward: true}})
		sent = lastOf(end)
		return err
	})
	if err != nil {
		sub.Stop()
		return nil, err
	}
	var fresh []page.Entry
	more := false
	sub.Alive = stillSignedIn(ctx, s)
	sub.Step = func(ctx context.Context, _ bool) (shown, last bool, err error) {
		if err := sees(ctx, document); err != nil {
			return false, false, err
		}
		if len(fresh) == 0 {
			found, _, err := operation.One(ctx, of.pages, page.List{Of: document, Args: page.Args{Size: maxEvents, After: sent}})
			if err != nil {
				return false, false, err
			}
			fresh, more = found.Entries, found.HasNext
		}
		for len(fresh) > 0 && !shown {
			next := fresh[0]
			fresh, sent = fresh[1:], next.Cursor()
			var v V
			if v, shown, err = of.event(ctx, document, next); err != nil {
				return false, false, err
			}
			if shown {
				values <- v
			}
		}
		if more || len(fresh) > 0 {
			sub.Continue()
		}
		return shown, false, nil
	}
	return values, nil
}
