package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/quota"
	"docsquare/graph/request"
	"docsquare/graph/transport"
	"docsquare/internal/cache"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
)

// answers keeps the encoded answers of queries as long as nothing that they depend on has changed: those that depend on their viewer
// only by rules and marks for all viewers, the others for the viewer who has asked.
type answers struct {
	kept    *cache.Derived[answerKey, *keptAnswer]
	cache   *kinds.Cache
	prices  *quota.Extension
	options Options
}

// answerKey identifies requests with the same answer: their exact text, where the client reaches the server, and the account and session
// that send them; these are zero for a shared answer and for guests.
type answerKey struct {
	Text, Location string
	User, Session  uuid.UUID
}

// maxText bounds the text of a request whose answer is kept, in bytes: the text is part of the key.
const maxText = 16 << 10

func newAnswers(c *kinds.Cache, prices *quota.Extension, o Options) answers {
	return answers{cache.NewDerived[answerKey, *keptAnswer](c.Engine, "answer"), c, prices, o}
}

func (a answers) hooks() transport.Answers { return transport.Answers{Find: a.find} }

// find is transport.Answers.Find. An answer that is kept costs a point, and one for each 64 KiB.
func (a answers) find(ctx context.Context, text string) (*transport.Answer, *transport.Search, *gqlerror.Error) {
	from := request.Of(ctx)
	if from.Unkept || len(text)+len(from.Location) > maxText {
		return nil, search{answers: a, from: from}.hooks(), nil
	}
	s := search{answers: a, from: from, key: answerKey{Text: text, Location: from.Location}}
	kept, answer := s.find(ctx)
	if answer == nil {
		return nil, s.hooks(), nil
	}
	charge, refused := a.prices.ChargeKept(ctx, len(answer.Body))
	if refused != nil {
		return nil, nil, refused
	}
	charge.SetHeaders(from.Headers)
	if kept.trusted != nil {
		kept.trusted.Use()
	}
	a.observe(ctx, kept.operation)
	return answer, nil, nil
}

// observe calls the observers for an answer that was kept.
func (a answers) observe(ctx context.Context, seen record.Operation) {
	rec := record.From(ctx)
	if rec == nil {
		return
	}
	seen.Began, seen.Took, seen.Record, seen.Kept = rec.Started(), time.Since(rec.Started()), rec, true
	for _, observe := range a.options.Observers {
		observe(ctx, seen)
	}
}

// tracked reports whether the answer of an operation may be kept, so that what it depends on has to be known.
func tracked(ctx context.Context) bool {
	r := request.Of(ctx)
	return graphql.GetOperationContext(ctx).Operation.Operation == ast.Query && !r.Unkept && !r.Delivery.Incremental()
}
