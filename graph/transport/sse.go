package transport

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/request"
	"docsquare/internal/httpserver"
)

// events answers by server-sent events.
func (t HTTP) events(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	t.asEvents(w, r, func(ctx context.Context, send sendAnswer) error { return t.dispatch(ctx, exec, op, send) })
}

func (t HTTP) asEvents(w http.ResponseWriter, r *http.Request, run func(context.Context, sendAnswer) error) {
	ctx, cancel := context.WithCancel(delivered(r.Context(), request.Stream))
	defer cancel()
	s, err := httpserver.NewStream(w, httpserver.EventStream, t.Write)
	if err != nil || s.Beat() != nil {
		return
	}
	t.Live.Streams.Add(1)
	defer t.Live.Streams.Add(-1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.KeepAlive(ctx, t.KeepAlive, t.Draining, cancel)
	}()
	err = run(ctx, func(response *graphql.Response, _ bool) error { return s.Event("next", encodedAnswer(response)) })
	if err == nil {
		_ = s.Event("complete", nil) // a failure cannot be reported: the client is gone
	}
	cancel()
	<-ended
}
