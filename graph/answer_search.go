package graph

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/graph/transport"
	"docsquare/internal/cache"
)

// search is the search of one request for a kept answer, and its turn to derive one.
type search struct {
	answers
	from  *request.Request
	key   answerKey // of a shared answer
	turn  cache.Turn[answerKey, *keptAnswer]
	again bool // whether the same request has come before, by any viewer
}

// find returns a kept answer, and what is sent of it to the viewer. If there is none, it is the turn of the search to derive it.
func (s *search) find(ctx context.Context) (*keptAnswer, *transport.Answer) {
	key := s.key
	if v := s.from.Viewer; !v.Guest() {
		if kept, answer := s.shared(ctx); answer != nil {
			return kept, answer
		}
		s.again = s.kept.ComesAgain(key)
		key.User, key.Session = v.UserID, v.SessionID
	}
	kept, ok, turn := s.kept.Derive(ctx, key)
	s.turn = turn
	if ok {
		return kept, kept.whole
	}
	if turn.Waited() { // for a request that may have left a shared answer
		return s.shared(ctx)
	}
	return nil, nil
}

// shared returns the shared answer.
func (s *search) shared(ctx context.Context) (*keptAnswer, *transport.Answer) {
	kept, ok := s.kept.Get(ctx, s.key)
	if !ok || !kept.shared {
		return nil, nil
	}
	answer, ok := kept.to(ctx, s.cache, s.from.Viewer)
	if !ok {
		return nil, nil
	}
	return kept, answer
}

// hooks returns the search as wire needs it.
func (s search) hooks() *transport.Search { return &transport.Search{Drop: s.turn.Drop, Keep: s.keep} }

// keep is transport.Search.Keep.
func (s search) keep(ctx context.Context, response *graphql.Response) *transport.Answer {
	x, op := operation.From(ctx), graphql.GetOperationContext(ctx)
	if x == nil || op.Operation.Operation != ast.Query || len(response.Errors) > 0 || len(response.Data) == 0 || len(response.Extensions) > 0 {
		return nil
	}
	guest := s.from.Viewer.Guest()
	clientKeeps := guest && s.from.Method != http.MethodPost
	if !clientKeeps && !s.again && !s.turn.Wanted() {
		return nil
	}
	body := transport.Body(response.Data)
	answer := transport.NewAnswer(body, "")
	if guest {
		answer.ETag = etagOf(body)
	}
	own := &keptAnswer{whole: answer, trusted: request.Of(ctx).Trusted}
	own.operation.Name, own.operation.Type, own.operation.Known = described(ctx)
	if !s.share(ctx, own, x) {
		s.turn.Keep(own, x.Cache.ReadSet())
	}
	return answer
}

// share keeps the answer for all viewers but those that rules have named. It returns false if the viewer cannot be answered with it.
func (s search) share(ctx context.Context, own *keptAnswer, x *operation.Operation) bool {
	except, all := x.Loaders.Audience().Shared()
	if !all {
		return false
	}
	kept := shareable(own.whole.Body, x.Marks, except)
	kept.trusted, kept.operation = own.trusted, own.operation
	s.kept.KeepShared(s.key, kept, x.Cache.ReadSet())
	_, ok := kept.to(ctx, s.cache, s.from.Viewer)
	return ok
}
