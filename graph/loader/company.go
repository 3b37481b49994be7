package loader

import (
	"context"
	"sync"
)

// company is the root fields of one query, which are resolved side by side. Their waves go together: each waits at its
// next wave until every other has come to one, or has left. So they share batches and round trips, and how many there are
// does not depend on which of the fields was faster.
type company struct {
	mu     sync.Mutex
	under  int   // members under way
	coming int   // of them, those that have not come to the next wave
	next   *Wave // what those who have come announced; nil where nobody has
}

type memberKey struct{}

// Accompany lets as many root fields take their waves together. Each of them must Enter, or the others wait for ever.
func (s *Set) Accompany(fields int) { s.company = &company{under: fields, coming: fields} }

// Enter makes what is resolved under the context one of the root fields. Call leave when the field is resolved.
func (s *Set) Enter(ctx context.Context) (entered context.Context, leave func()) {
	return context.WithValue(ctx, memberKey{}, s.company), s.company.leave
}

// run lets a member's wave go together with those of the others, and returns when it is done.
func (c *company) run(w *Wave) {
	c.mu.Lock()
	together := c.next
	if together == nil {
		together, c.next = w, w
	} else {
		together.merge(w)
	}
	c.coming--
	ready := c.depart()
	c.mu.Unlock()
	if ready != nil {
		ready.run()
	}
	<-together.done
}

func (c *company) leave() {
	c.mu.Lock()
	c.under--
	c.coming--
	ready := c.depart()
	c.mu.Unlock()
	if ready != nil {
		ready.run()
	}
}

// depart is the wave that nobody has to be waited for any more, nil where there is none. Hold the mutex.
func (c *company) depart() *Wave {
	if c.coming > 0 || c.next == nil {
		return nil
	}
	ready := c.next
	c.next, c.coming = nil, c.under
	return ready
}
