package graph

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"docsquare/graph/economy"
	"docsquare/graph/operation"
	"docsquare/graph/trusted"
	"docsquare/graph/wire"
	"docsquare/internal/cache"
	"docsquare/internal/explain"
)

// answers keeps the encoded answers of queries, each for the viewer who has asked, as long as nothing that it depends on has
// changed.
type answers struct {
	kept    *cache.Derived[request, *keptAnswer]
	prices  *economy.Economy
	options Options
}

// request identifies requests with the same answer: their exact text, who sends them, and where the client reaches the server.
type request struct {
	Text, Location string
	User, Session  uuid.UUID
}

// maxText bounds the text of a request whose answer is kept, in bytes: the text is part of the key.
const maxText = 16 << 10

// keptAnswer is an answer with what observers are told of its operation.
type keptAnswer struct {
	*wire.Answer
	Operation explain.Operation
	used      func() // counts a use of its trusted document
}

func newAnswers(c *cache.Cache, prices *economy.Economy, o Options) answers {
	return answers{cache.NewDerived[request, *keptAnswer](c.Engine), prices, o}
}

func (a answers) hooks() wire.Answers { return wire.Answers{Find: a.find} }

// find is wire.Answers.Find. An answer that is kept costs one point.
func (a answers) find(ctx context.Context, text string) (*wire.Answer, *wire.Search, *gqlerror.Error) {
	from := operation.RequestOf(ctx)
	if from.Unkept || len(text)+len(from.Location) > maxText {
		return nil, a.search(from, cache.Turn[request, *keptAnswer]{}), nil
	}
	key := request{Text: text, Location: from.Location, User: from.Viewer.UserID, Session: from.Viewer.SessionID}
	answer, ok, turn := a.kept.Derive(ctx, key)
	if !ok {
		return nil, a.search(from, turn), nil
	}
	charge, refused := a.prices.ChargeKept(ctx)
	if refused != nil {
		return nil, nil, refused
	}
	charge.Describe(from.Headers)
	answer.used()
	a.observe(ctx, answer.Operation)
	return answer.Answer, nil, nil
}

// observe tells the observers of an answer that was kept.
func (a answers) observe(ctx context.Context, seen explain.Operation) {
	record := explain.From(ctx)
	if record == nil {
		return
	}
	seen.Began, seen.Took, seen.Record, seen.Kept = record.Started(), time.Since(record.Started()), record, true
	for _, observe := range a.options.Observers {
		observe(ctx, seen)
	}
}

// search returns the search for an answer that the turn is to derive.
func (a answers) search(from *operation.Request, turn cache.Turn[request, *keptAnswer]) *wire.Search {
	return &wire.Search{Drop: turn.Drop, Keep: func(ctx context.Context, response *graphql.Response) *wire.Answer {
		x, op := continued(ctx), graphql.GetOperationContext(ctx)
		if x == nil || op.Operation.Operation != ast.Query || len(response.Errors) > 0 || len(response.Data) == 0 || len(response.Extensions) > 0 {
			return nil
		}
		clientKeeps := from.Method != http.MethodPost && from.Viewer.Guest()
		if !clientKeeps && !turn.Wanted() {
			return nil
		}
		etag := ""
		if clientKeeps {
			etag = etagOf(response.Data)
		}
		answer := &keptAnswer{Answer: wire.NewAnswer(response.Data, etag), used: trusted.Used(ctx)}
		answer.Operation.Name, answer.Operation.Type, answer.Operation.Known = described(ctx)
		turn.Keep(answer, x.Cache.Receipt())
		return answer.Answer
	}}
}

// etagOf returns the entity tag of an answer, which is the same on every instance.
func etagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

// tracked reports whether the answer of an operation may be kept, so that what it depends on has to be known.
func tracked(ctx context.Context) bool {
	return graphql.GetOperationContext(ctx).Operation.Operation == ast.Query && !operation.RequestOf(ctx).Unkept && !wire.Parts(ctx)
}
