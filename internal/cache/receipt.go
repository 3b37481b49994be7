package cache

import (
	"context"
	"sync"
	"time"

	"docsquare/internal/explain"
)

// Receipt is where the reads of one operation came from, and what they rest on. It is safe for concurrent use.
type Receipt struct {
	engine *Engine
	mu     sync.Mutex
	reads  Reads
	keeps  bool // whether what the reads rest on is kept
	holds  map[hold]struct{}
	until  time.Time // when the first of the entries is over; zero: none was read
	loose  bool      // something was served that rests on nothing
}

// Reads counts entries by where they came from.
type Reads struct{ Near, Far, Loads int }

// maxHolds is how many tags a receipt keeps. An answer that rests on more is not worth following.
const maxHolds = 1000

type receiptKey struct{}

// Receipt has the fetches under the context written down; with keeps, what they rest on too, so that Still can be asked.
func (e *Engine) Receipt(ctx context.Context, keeps bool) (context.Context, *Receipt) {
	r := &Receipt{engine: e, keeps: keeps}
	return context.WithValue(ctx, receiptKey{}, r), r
}

func receiptOf(ctx context.Context) *Receipt {
	r, _ := ctx.Value(receiptKey{}).(*Receipt)
	return r
}

// Reads is what was counted until now.
func (r *Receipt) Reads() Reads {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// Still says whether the same reads would give the same now: no write has touched what they rest on, none of it has passed
// its time, and this process hears of the writes of others.
func (r *Receipt) Still() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.loose || !r.keeps || r.engine.nearLimit() > 0 || !r.until.IsZero() && time.Now().After(r.until) {
		return false
	}
	for h := range r.holds {
		if !h.still() {
			return false
		}
	}
	return true
}

func (r *Receipt) count(c explain.Kind) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads.Near += c.Near + c.Shared
	r.reads.Far += c.Far
	r.reads.Loads += c.Loads
}

// rest notes what one entry rests on, and until when it may be served.
func (r *Receipt) rest(holds []hold, until time.Time) {
	if r == nil || !r.keeps {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until.IsZero() || until.Before(r.until) {
		r.until = until
	}
	if r.holds == nil {
		r.holds = map[hold]struct{}{}
	}
	for _, h := range holds {
		r.holds[h] = struct{}{}
	}
	r.loose = r.loose || len(holds) == 0 || len(r.holds) > maxHolds
}

// lose notes that something was served that is known to be old.
func (r *Receipt) lose() {
	if r != nil {
		r.rest(nil, time.Time{})
	}
}

// Unfollowed notes in the receipt of the operation that its answer rests on something that no cache follows.
func Unfollowed(ctx context.Context) { receiptOf(ctx).lose() }
