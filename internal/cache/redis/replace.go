package redis

import (
	"context"
	"sync"

	"docsquare/internal/cache"
)

// replacer sends replacements of stamps. Calls that arrive while another one is in progress go together, in the next round trip.
type replacer struct {
	send func(ctx context.Context, tags []cache.Tag, stamps []cache.Stamp) (position string, err error)

	mu   sync.Mutex
	busy bool          // a call is in progress
	next *replacements // that wait for it; nil if there are none
}

// replacements are calls with one round trip.
type replacements struct {
	tags   []cache.Tag
	stamps []cache.Stamp
	turn   chan struct{} // closed when the first caller may send them
	done   chan struct{} // closed when they are sent

	position string
	err      error
}

// maxReplaced is from how many tags on replacements take no more calls. A call beyond it has its own round trip.
const maxReplaced = 4096

// replace returns the position of the change in the stream, which all calls of a round trip share.
func (r *replacer) replace(ctx context.Context, tags []cache.Tag, stamps []cache.Stamp) (position string, err error) {
	r.mu.Lock()
	switch {
	case !r.busy:
		r.busy = true
		r.mu.Unlock()
		defer r.release()
		return r.send(ctx, tags, stamps)
	case r.next != nil && len(r.next.tags) >= maxReplaced:
		r.mu.Unlock()
		return r.send(ctx, tags, stamps)
	}
	first := r.next == nil
	if first {
		r.next = &replacements{turn: make(chan struct{}), done: make(chan struct{})}
	}
	all := r.next
	all.tags, all.stamps = append(all.tags, tags...), append(all.stamps, stamps...)
	r.mu.Unlock()
	if first {
		<-all.turn
		r.sendAll(ctx, all)
	}
	<-all.done
	return all.position, all.err
}

func (r *replacer) sendAll(ctx context.Context, all *replacements) {
	defer r.release()
	defer close(all.done)
	all.position, all.err = r.send(ctx, all.tags, all.stamps)
}

// release lets the replacements that wait go.
func (r *replacer) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		r.busy = false
		return
	}
	close(r.next.turn)
	r.next = nil
}
