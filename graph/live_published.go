package graph

import (
	"context"
	"maps"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/internal/kinds"
	"docsquare/internal/page"
)

// overlap is how long before the last known publication a look begins. A publication can become visible that much later than its moment: the
// clocks of instances differ by up to 5 s, and it is committed at the end of a transaction.
const overlap = 15 * time.Second

// publications is what a subscription remembers of the documents in the tech square.
type publications struct {
	filter kinds.SquareFilter
	last   int64               // when the last known one was published, in microseconds since 1970
	known  map[uuid.UUID]int64 // those that were published since overlap before that, and when
	fresh  []page.Entry        // to be sent
	more   bool                // whether there are more than those
}

// begin finds the documents that were published before the subscription.
func (p *publications) begin(ctx context.Context) error {
	newest, _, err := operation.One(ctx, loader.SquarePages, p.key(page.Args{Size: 1}, false))
	if err != nil {
		return err
	}
	p.known, p.more = map[uuid.UUID]int64{}, true
	if len(newest.Entries) > 0 {
		p.last = p.past(newest.Entries[0].Sort)
	}
	for p.more {
		if err := p.look(ctx); err != nil {
			return err
		}
		p.fresh = nil
	}
	return nil
}

func (p *publications) key(args page.Args, ascending bool) kinds.SquareKey {
	return kinds.SquareKey{Filter: p.filter, Order: kinds.SquareOrder{Field: kinds.OrderPublished, Ascending: ascending}, Args: args}
}

// past returns a moment that is not in the future: an import can have published documents there.
func (p *publications) past(moment int64) int64 {
	return min(moment, time.Now().Truncate(time.Second).UnixMicro())
}

// look finds documents that are not known yet, up to about a page of them.
func (p *publications) look(ctx context.Context) error {
	after := page.Cursor{Sort: p.last - overlap.Microseconds(), ID: uuid.Max}
	for p.more = true; p.more && len(p.fresh) < page.MaxSize; {
		found, _, err := operation.One(ctx, loader.SquarePages, p.key(page.Args{Size: page.MaxSize, After: after}, true))
		if err != nil {
			return err
		}
		for _, x := range found.Entries {
			if _, ok := p.known[x.ID]; !ok {
				p.known[x.ID] = x.Sort
				p.fresh = append(p.fresh, x)
			}
			p.last = max(p.last, p.past(x.Sort))
		}
		after, p.more = lastOf(found), found.HasNext
	}
	maps.DeleteFunc(p.known, func(_ uuid.UUID, at int64) bool { return at < p.last-overlap.Microseconds() })
	return nil
}

// next returns the next document to be sent, nil if there is none. One that is no longer public is passed over.
func (p *publications) next(ctx context.Context) (*ent.Document, error) {
	if len(p.fresh) == 0 {
		if err := p.look(ctx); err != nil {
			return nil, err
		}
	}
	for len(p.fresh) > 0 {
		x := p.fresh[0]
		p.fresh = p.fresh[1:]
		d, ok, err := operation.One(ctx, loader.Documents, x.ID)
		if err != nil || ok && d.Visibility == entdocument.VisibilityPublic {
			return d, err
		}
		delete(p.known, x.ID) // it may be published again, and was not sent
	}
	return nil, nil //nolint:nilnil // there is none
}

// watchPublished subscribes to the documents that are put into the tech square. A write to any public document wakes it; how many have is
// of no matter, since one look finds all.
func watchPublished(ctx context.Context, s loader.Sources, filter *model.DocumentFilter) (<-chan *ent.Document, error) {
	f, err := squareFilter(filter)
	if err != nil {
		return nil, err
	}
	values, p := make(chan *ent.Document, 1), &publications{filter: f}
	sub := followLoosely(ctx, s.Cache, kinds.SquareTag)
	if err := look(ctx, s, p.begin); err != nil {
		sub.Stop()
		return nil, err
	}
	sub.Alive = stillSignedIn(ctx, s)
	sub.Step = func(ctx context.Context, _ bool) (shown, last bool, err error) {
		d, err := p.next(ctx)
		if err != nil {
			return false, false, err
		}
		if p.more || len(p.fresh) > 0 {
			sub.Continue()
		}
		if d == nil {
			return false, false, nil
		}
		values <- d
		return true, false, nil
	}
	return values, nil
}
