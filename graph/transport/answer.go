package transport

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Answer is the answer to a query that was executed without errors, as it can be sent again. It does not change.
type Answer struct {
	Body []byte // the response as JSON
	ETag string // empty if clients must not keep the answer

	length []string // the header Content-Length
}

const beforeData, afterData = `{"data":`, "}"

// DataOffset is where a body that Body returns has the data.
const DataOffset = len(beforeData)

// Body returns a response with this encoded data, as JSON.
func Body(data []byte) []byte {
	body := make([]byte, 0, len(beforeData)+len(data)+len(afterData))
	return append(append(append(body, beforeData...), data...), afterData...)
}

// NewAnswer returns the answer with a body. The caller must not change the body any more.
func NewAnswer(body []byte, etag string) *Answer {
	return &Answer{Body: body, ETag: etag, length: []string{strconv.Itoa(len(body))}}
}

// Untagged returns the same answer for a client that must not keep it.
func (a *Answer) Untagged() *Answer { return &Answer{Body: a.Body, length: a.length} }

// Answers keeps answers from one request to the next. Its zero value keeps none.
type Answers struct {
	// Find returns the answer to a request with this text if it is kept and valid, or the reason to refuse the request. If it
	// returns neither, the operation is to be executed, and the search to be ended.
	Find func(ctx context.Context, text string) (*Answer, *Search, *gqlerror.Error)
}

// Search is a search for a kept answer that has found none. Call Keep or Drop.
type Search struct {
	// Keep returns the answer of the executed operation, and keeps it if that may be done. It returns nil if the response is not
	// one that can be sent again.
	Keep func(ctx context.Context, response *graphql.Response) *Answer

	// Drop ends the search. It may be called more than once, and after Keep.
	Drop func()
}

// find is Find. It returns a search that does nothing if no answers are kept.
func (a Answers) find(ctx context.Context, text string) (*Answer, *Search, *gqlerror.Error) {
	if a.Find == nil || text == "" {
		return nil, &noSearch, nil
	}
	return a.Find(ctx, text)
}

var noSearch = Search{Keep: func(context.Context, *graphql.Response) *Answer { return nil }, Drop: func() {}}

// Clients and proxies that keep an answer ask before each use whether it still holds: a write makes it invalid, not time.
var (
	revalidated = []string{"no-cache"}
	notStored   = []string{"no-store"}
)

// sendWhole sends an answer, or that the client has it already. To a GET request it adds how the answer may be kept.
func (a answerer) sendWhole(r *http.Request, answer *Answer) {
	if r.Method == http.MethodPost {
		a.writeAs(http.StatusOK, answer.Body, answer.length)
		return
	}
	h := a.w.Header()
	if answer.ETag == "" {
		h["Cache-Control"] = notStored
	} else {
		h["Cache-Control"], h["Etag"] = revalidated, []string{answer.ETag}
		if slices.Contains(tagsIn(r.Header), answer.ETag) {
			h["Vary"] = depends
			a.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	a.writeAs(http.StatusOK, answer.Body, answer.length)
}

// maxTags is how many entity tags of a client are looked at.
const maxTags = 8

// tagsIn returns the entity tags of the answers that a client has.
func tagsIn(h http.Header) (tags []string) {
	for tag := range strings.SplitSeq(h.Get("If-None-Match"), ",") {
		if tag = strings.TrimSpace(tag); tag != "" && len(tags) < maxTags {
			tags = append(tags, tag)
		}
	}
	return tags
}
