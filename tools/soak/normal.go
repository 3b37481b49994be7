package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// The requests of normal clients, as a front end sends them.
const (
	feedQuery = `{ documents(first: 20) { totalCount edges { node { id title format createdAt author { id username displayName }
		stats { views likes favorites comments } viewerHasLiked
		comments(first: 3) { edges { node { id body author { id username } } } } } } pageInfo { hasNextPage endCursor } } }`
	documentQuery = `query($id: ID!) { document(id: $id) { id title bodyHtml author { id username } stats { likes comments } viewerHasLiked
		comments(first: 10) { nodes { id body author { username } } } } }`
	viewerQuery  = `{ viewer { id username displayName } }`
	likeMutation = `mutation($id: ID!) { likeDocument(input: {documentId: $id}) { document { id stats { likes } viewerHasLiked } } }`
	unlikeIt     = `mutation($id: ID!) { unlikeDocument(input: {documentId: $id}) { document { id stats { likes } viewerHasLiked } } }`
)

// thinking is the mean pause of a normal client between two requests.
const thinking = 100 * time.Millisecond

// citizen is a normal client.
type citizen struct {
	*client
	random *rand.Rand
	ids    []string // of documents
	liked  map[string]bool
}

func (c *citizen) run(ctx context.Context, into *latencies) {
	for ctx.Err() == nil {
		name, query, vars := c.next()
		began := time.Now()
		a, err := c.ask(context.WithoutCancel(ctx), query, vars) // the last one is seen to its end
		took := time.Since(began)
		if err == nil {
			err = a.failed()
		}
		into.note(name, took, err)
		if wait(ctx, thinking/2+time.Duration(c.random.Int64N(int64(thinking)))) != nil {
			return
		}
	}
}

func (c *citizen) next() (name, query string, vars variables) {
	id := c.ids[c.random.IntN(len(c.ids))]
	switch n := c.random.IntN(10); {
	case n < 4:
		return "feed", feedQuery, nil
	case n < 7:
		return "document", documentQuery, variables{"id": id}
	case n < 9:
		return "viewer", viewerQuery, nil
	}
	c.liked[id] = !c.liked[id]
	if c.liked[id] {
		return "like", likeMutation, variables{"id": id}
	}
	return "like", unlikeIt, variables{"id": id}
}

// latencies of normal clients, by what they have asked for.
type latencies struct {
	mu       sync.Mutex
	took     map[string][]time.Duration
	order    []time.Duration // of all, as they were answered
	failures []error
}

func (l *latencies) note(name string, took time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.failures = append(l.failures, fmt.Errorf("%s after %v: %w", name, took, err))
		return
	}
	l.took[name], l.order = append(l.took[name], took), append(l.order, took)
}

// all returns the latencies of everything.
func (l *latencies) all() []time.Duration { return slices.Clone(l.order) }

// tenths returns a percentile of each tenth of the requests, in their order.
func (l *latencies) tenths(share float64) (list []time.Duration) {
	for i := range 10 {
		part := slices.Clone(l.order[len(l.order)*i/10 : len(l.order)*(i+1)/10])
		slices.Sort(part)
		list = append(list, short(at(part, share)))
	}
	return list
}
