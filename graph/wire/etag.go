package wire

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// Conditional is conditional requests by GET. Its zero value has none.
type Conditional struct {
	// Holds says whether the answer that was given under this entity tag is still what would be answered.
	Holds func(r *http.Request, etag string) bool

	// Keep is the entity tag of the answer that was just made, empty where it may not be kept, and how it may be kept.
	Keep func(ctx context.Context, r *http.Request, answer *graphql.Response) (etag, control string)
}

// maxTags is how many entity tags of a client are looked at.
const maxTags = 8

// tagsIn is the entity tags of the answers that a client has.
func tagsIn(h http.Header) (tags []string) {
	for tag := range strings.SplitSeq(h.Get("If-None-Match"), ",") {
		if tag = strings.TrimSpace(tag); tag != "" && len(tags) < maxTags {
			tags = append(tags, tag)
		}
	}
	return tags
}

// known finds out, without executing anything, that the client has what would be answered.
func (c Conditional) known(r *http.Request) (etag string, ok bool) {
	for _, etag := range tagsIn(r.Header) {
		if c.Holds != nil && c.Holds(r, etag) {
			return etag, true
		}
	}
	return "", false
}

// keep sets the headers by which an answer may be kept, and says whether the client has it already.
func (c Conditional) keep(ctx context.Context, w http.ResponseWriter, r *http.Request, answer *graphql.Response) (etag string, known bool) {
	if c.Keep == nil {
		return "", false
	}
	etag, control := c.Keep(ctx, r, answer)
	w.Header().Set("Cache-Control", control)
	if etag != "" {
		w.Header().Set("ETag", etag)
	}
	return etag, etag != "" && slices.Contains(tagsIn(r.Header), etag)
}
