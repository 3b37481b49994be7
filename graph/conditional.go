package graph

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"

	"docsquare/graph/wire"
	"docsquare/internal/cache"
	"docsquare/internal/viewer"
)

const (
	remembered = 1024 // answers that clients may ask for again

	// Whoever keeps an answer asks before each use whether it still holds: what makes it invalid is a write, not time.
	askAgain = "no-cache"
	keepNone = "no-store"
)

// answered is one answer: what was asked for, and the entity tag under which it was given.
type answered struct{ url, etag string }

// conditional lets guests keep the answers to queries by GET. An entity tag is made of the answer, so it is the same on every
// instance; this process remembers what the answers that it gave rest on, and so can say without looking at anything else
// that one still holds.
type conditional struct {
	given *lru.Cache[answered, *cache.Receipt]
}

func newConditional() conditional {
	given, _ := lru.New[answered, *cache.Receipt](remembered) // it fails for no size alone
	return conditional{given}
}

func (c conditional) hooks() wire.Conditional { return wire.Conditional{Holds: c.holds, Keep: c.keep} }

// keeps says whether the answer to a request may be kept at all: the viewer's answers are nobody else's.
func keeps(ctx context.Context, method string) bool {
	return method == http.MethodGet && viewer.From(ctx).Guest()
}

// holds says whether the answer under an entity tag is still what a guest would be given.
func (c conditional) holds(r *http.Request, etag string) bool {
	if !keeps(r.Context(), r.Method) {
		return false
	}
	receipt, ok := c.given.Get(answered{r.URL.RawQuery, etag})
	return ok && receipt.Still()
}

// keep makes the entity tag of an answer.
func (c conditional) keep(ctx context.Context, r *http.Request, answer *graphql.Response) (etag, control string) {
	x := continued(ctx)
	if x == nil || !keeps(r.Context(), r.Method) || len(answer.Errors) > 0 || len(answer.Data) == 0 || len(answer.Extensions) > 0 {
		return "", keepNone
	}
	receipt := x.Cache.Receipt()
	sum := sha256.Sum256(answer.Data)
	etag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
	if receipt.Still() {
		c.given.Add(answered{r.URL.RawQuery, etag}, receipt)
	}
	return etag, askAgain
}
