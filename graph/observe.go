package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/request"
	"docsquare/internal/errs"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/text/plaintext"
)

// maxName is the number of bytes of an operation's name that logs and metrics show.
const maxName = 64

// observe reports an operation that has ended: each to the observers, and a slow one in the log.
func (o Options) observe(ctx context.Context, response *graphql.Response) {
	rec := record.From(ctx)
	if rec == nil {
		return
	}
	seen := record.Operation{Began: rec.Started(), Took: time.Since(rec.Started()), Record: rec, Connection: request.Of(ctx).Delivery == request.Socket}
	seen.Name, seen.Type, seen.Known = described(ctx)
	if response != nil {
		for _, e := range response.Errors {
			code, ok := e.Extensions["code"]
			if !ok {
				code = errs.Internal
			}
			seen.Codes = append(seen.Codes, fmt.Sprint(code))
			seen.Sentences = append(seen.Sentences, sentenceOf(e))
		}
	}
	for _, observe := range o.Observers {
		observe(ctx, seen)
	}
	if o.Slow > 0 && seen.Took >= o.Slow {
		report, _ := json.Marshal(rec.Report()) // plain numbers and texts always encode
		o.Log.WarnContext(ctx, "slow operation", "operation", seen.Name, "type", seen.Type, "took", seen.Took, "codes", seen.Codes, "explain", string(report))
	}
}

var (
	quoted  = regexp.MustCompile(`"[^"]*"|` + "`[^`]*`")
	numbers = regexp.MustCompile(`\d[\d.,]*`)
)

// sentenceOf returns the message of an error without what a client has sent, and without the request ID.
func sentenceOf(e *gqlerror.Error) string {
	if known := errs.As(e); known != nil {
		return plaintext.Clip(known.Sentence(), maxSentence)
	}
	text, _, _ := strings.Cut(e.Message, " Request ID:")
	text, _, _ = strings.Cut(text, " Did you mean")
	return plaintext.Clip(numbers.ReplaceAllString(quoted.ReplaceAllString(text, "…"), "…"), maxSentence)
}

// maxSentence is the number of bytes of a message that observers are given.
const maxSentence = 200

// described returns the name and type of the operation of a context, and whether its document is trusted. They are empty if the
// request never became an operation.
func described(ctx context.Context) (name, kind string, known bool) {
	if !graphql.HasOperationContext(ctx) {
		return "", "", false
	}
	op := graphql.GetOperationContext(ctx)
	if op.Operation == nil {
		return "", "", false
	}
	name = op.Operation.Name
	return name[:min(len(name), maxName)], string(op.Operation.Operation), request.Of(ctx).Trusted != nil
}
