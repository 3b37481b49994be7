package wire

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// events answers by server-sent events.
func (t HTTP) events(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	t.asEvents(w, r, func(ctx context.Context, send sendAnswer) error { return t.dispatch(ctx, exec, op, send) })
}

func (t HTTP) asEvents(w http.ResponseWriter, r *http.Request, run func(context.Context, sendAnswer) error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &stream{w: w, control: http.NewResponseController(w), write: t.Write}
	if s.begin() != nil {
		return
	}
	t.Live.Streams.Add(1)
	defer t.Live.Streams.Add(-1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.keepAlive(ctx, cancel, t.Options)
	}()
	err := run(ctx, func(response *graphql.Response, _ bool) error { return s.event("next", encodedAnswer(response)) })
	if err == nil {
		_ = s.event("complete", nil) // nobody is left to hear of a failure
	}
	cancel()
	<-ended
}

// stream is an answer that goes on.
type stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	write   time.Duration
}

// begin sends the headers. The server's time for reading a request is over for this one, and would end it.
func (s *stream) begin() error {
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-cache, no-transform")
	h.Set("X-Accel-Buffering", "no")
	if err := s.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return s.send([]byte(":\n\n"))
}

func (s *stream) event(name string, data []byte) error {
	var out bytes.Buffer
	out.WriteString("event: " + name + "\ndata:")
	if len(data) > 0 {
		out.WriteByte(' ')
		out.Write(data)
	}
	out.WriteString("\n\n")
	return s.send(out.Bytes())
}

// send writes within the time that a client has, and fails where it takes longer.
func (s *stream) send(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.control.SetWriteDeadline(time.Now().Add(s.write)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.w.Write(p); err != nil {
		return err
	}
	return s.control.Flush()
}

// keepAlive lets a silent stream be heard, so that a client that is gone is noticed, until the context ends; it ends that
// context where nobody hears, or the server is about to end.
func (s *stream) keepAlive(ctx context.Context, cancel context.CancelFunc, o Options) {
	tick := time.NewTicker(o.KeepAlive)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if s.send([]byte(":\n\n")) != nil {
				cancel()
			}
		case <-o.Draining:
			cancel()
			return
		case <-ctx.Done():
			return
		}
	}
}
