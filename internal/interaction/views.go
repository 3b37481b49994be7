package interaction

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"docsquare/ent/schema"
	"docsquare/internal/cache"
	"docsquare/internal/cache/claims"
	"docsquare/internal/counters"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
	"docsquare/internal/viewer"
)

const (
	// ViewWindow is how long further views of a document by the same viewer, or from the same address, are not counted.
	ViewWindow = 30 * time.Minute

	// flushEvery is how long a view waits to be written, but for the time of the write itself.
	flushEvery = time.Second

	lastFlush = 10 * time.Second
)

// Views gathers views in the process and writes them in batches. A crash loses what was not yet written; a graceful stop
// loses nothing.
type Views struct {
	store  *store.Store
	claims *claims.Claims
	log    *slog.Logger

	mu      sync.Mutex
	pending map[cache.Claim]uuid.UUID // by who viewed what: the document

	flushing sync.Mutex
	claimed  map[uuid.UUID]int64 // counted already, but not written: the database was away
}

func newViews(s *store.Store, c *kinds.Cache, log *slog.Logger) *Views {
	return &Views{
		store: s, claims: claims.New(c.Far(), "view", ViewWindow), log: log,
		pending: map[cache.Claim]uuid.UUID{}, claimed: map[uuid.UUID]int64{},
	}
}

// RecordView notes that the viewer, who sees the document, has viewed it. It writes nothing and cannot fail: see Run.
func (v *Views) RecordView(who viewer.Viewer, document uuid.UUID) {
	claim := claimOf(who, document)
	if v.claims.Known(claim) {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.pending[claim] = document
}

// claimOf names a viewer and a document. What is kept of an address is this hash.
func claimOf(who viewer.Viewer, document uuid.UUID) cache.Claim {
	name := "address " + who.Address
	if !who.Guest() {
		name = "account " + who.UserID.String()
	}
	sum := sha256.Sum256([]byte(name + " " + document.String()))
	return cache.Claim(sum[:len(cache.Claim{})])
}

// Run writes what is gathered each second, and once more when the context ends.
func (v *Views) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			v.flush(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
			defer cancel()
			v.flush(last)
			return
		}
	}
}

func (v *Views) flush(ctx context.Context) {
	if err := v.Flush(ctx); err != nil {
		v.log.WarnContext(ctx, "views not written, trying again", "error", err)
	}
}

// Flush writes what is gathered. What several instances have gathered of one viewer and document is counted by the first
// that writes it. If the write fails, the next flush repeats it; if it is unknown whether it has failed, it is not
// repeated, so that nothing counts twice.
func (v *Views) Flush(ctx context.Context) error {
	v.flushing.Lock()
	defer v.flushing.Unlock()
	v.mu.Lock()
	pending := v.pending
	v.pending = map[cache.Claim]uuid.UUID{}
	v.mu.Unlock()
	for _, claim := range v.claims.Take(ctx, slices.Collect(maps.Keys(pending))) {
		v.claimed[pending[claim]]++
	}
	return v.write(ctx)
}

// documentsATime is how many documents one transaction counts views of: a write that touches thousands empties the cache.
const documentsATime = 1000

// write writes the views that are claimed.
func (v *Views) write(ctx context.Context) error {
	for part := range slices.Chunk(slices.Collect(maps.Keys(v.claimed)), documentsATime) {
		views := make(map[uuid.UUID]int64, len(part))
		for _, id := range part {
			views[id] = v.claimed[id]
		}
		err := v.store.Write(ctx, func(tx *store.Tx) error { return counters.CountViews(ctx, tx, views, schema.Now()) })
		if err == nil || errors.Is(err, store.ErrCommit) {
			maps.DeleteFunc(v.claimed, func(id uuid.UUID, _ int64) bool { return views[id] > 0 })
		}
		if err != nil {
			return err
		}
	}
	return nil
}
