package httpserver

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// EventStream is the media type of server-sent events.
const EventStream = "text/event-stream; charset=utf-8"

// Stream is an answer that goes on: what is sent goes out at once, or fails where a client takes longer for it than it may.
// It is safe for concurrent use.
type Stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	within  time.Duration
}

// NewStream makes a stream of an answer of the media type, of which nothing was written yet. Proxies must not cache, change
// or buffer it. A client has the given time for each part. NewStream removes the server's read deadline, which would end the
// stream, and returns an error if that is not possible.
func NewStream(w http.ResponseWriter, media string, within time.Duration) (*Stream, error) {
	s := &Stream{w: w, control: http.NewResponseController(w), within: within}
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
	return s, supported(s.control.SetReadDeadline(time.Time{}))
}

// Send sends a part.
func (s *Stream) Send(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := supported(s.control.SetWriteDeadline(time.Now().Add(s.within))); err != nil {
		return err
	}
	if _, err := s.w.Write(p); err != nil {
		return err
	}
	return s.control.Flush()
}

// Event sends a server-sent event; its data is one line.
func (s *Stream) Event(name string, data []byte) error {
	var out bytes.Buffer
	out.WriteString("event: " + name + "\ndata:")
	if len(data) > 0 {
		out.WriteByte(' ')
		out.Write(data)
	}
	out.WriteString("\n\n")
	return s.Send(out.Bytes())
}

// Beat sends an empty event, so that a lost client is noticed.
func (s *Stream) Beat() error { return s.Send([]byte(":\n\n")) }

// KeepAlive beats in an interval until the context ends. It calls leave once if the client is gone, or when draining is closed.
func (s *Stream) KeepAlive(ctx context.Context, interval time.Duration, draining <-chan struct{}, leave func()) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if s.Beat() != nil {
				leave()
				return
			}
		case <-draining:
			leave()
			return
		case <-ctx.Done():
			return
		}
	}
}

// supported leaves out that a writer, such as one of a test, has no deadlines.
func supported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
