package store

import (
	"time"

	"entgo.io/ent/dialect"
)

// RelayBatch is how many rows of the outbox are read at once.
const RelayBatch = relayBatch

// Grouped returns a driver that commits the transactions of d in groups, each open for members for this long, and a function that
// returns how many transactions wait.
func Grouped(d dialect.Driver, open time.Duration) (grouped dialect.Driver, waiting func() int) {
	g := &groups{Driver: d, open: open}
	return g, func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.queue)
	}
}
