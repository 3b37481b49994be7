package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// SSE answers over server-sent events: one request, one stream.
type SSE struct{ Options }

var _ graphql.Transport = SSE{}

// Supports says whether the client wants events.
func (SSE) Supports(r *http.Request) bool {
	if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		return false
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return r.Method == http.MethodPost && media == "application/json"
}

// Do streams the answers to one request.
func (t SSE) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	raw, err := io.ReadAll(r.Body)
	params, ok := parsed(raw)
	if err != nil || !ok {
		badRequest(w, err)
		return
	}
	params.Headers = r.Header
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &stream{w: w, control: http.NewResponseController(w), write: t.Write}
	if s.begin() != nil {
		return
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.keepAlive(ctx, cancel, t.Options)
	}()
	err = t.answers(ctx, exec, params, func(response *graphql.Response, _ bool) error {
		return s.event("next", encoded(response))
	})
	if err == nil {
		err = s.event("complete", nil)
	}
	cancel()
	<-ended
	_ = err // nobody is left to hear of a failure
}

func badRequest(w http.ResponseWriter, err error) {
	status, message := http.StatusBadRequest, "the body must be a JSON object with a query"
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		status, message = http.StatusRequestEntityTooLarge, "the body is too large"
	}
	w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	w.WriteHeader(status)
	e := gqlerror.Errorf("%s", message)
	e.Extensions = map[string]any{"code": "BAD_USER_INPUT"}
	_, _ = w.Write(encoded(map[string]any{"errors": []any{e}})) // nobody is left to hear of a failure
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
