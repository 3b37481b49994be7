package dashboard

import (
	"encoding/json"
	"net/http"
	"time"

	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
)

// writeTime is within what time a client must take an event, before it is dropped.
const writeTime = 10 * time.Second

// Path is where the feed is.
const Path = "/dashboard/events"

// ServeHTTP streams the feed as server-sent events: history, an array of frames; now, the tables; and then a frame and the
// tables again and again.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f.allow(r); err != nil {
		f.refuse(w, r, err)
		return
	}
	s, err := httpserver.NewStream(w, httpserver.EventStream, writeTime)
	if err != nil {
		f.options.Log.ErrorContext(r.Context(), "dashboard feed not streamed", "error", err)
		return
	}
	frames, next := f.history()
	if send(s, "history", frames) != nil || send(s, "now", f.now(r.Context())) != nil {
		return
	}
	for {
		select {
		case <-next:
		case <-f.options.Draining:
			return
		case <-r.Context().Done():
			return
		}
		frames, next = f.history()
		if f.allow(r) != nil || // a session may have ended
			send(s, "frame", frames[len(frames)-1]) != nil || send(s, "now", f.now(r.Context())) != nil {
			return
		}
	}
}

// allow returns the reason why the client may not see the dashboard, or nil if it may.
func (f *Feed) allow(r *http.Request) error {
	if f.options.Everybody {
		return nil
	}
	v, err := f.options.Accounts.Authorize(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		return err
	}
	return f.options.Accounts.Administers(r.Context(), v)
}

func (f *Feed) refuse(w http.ResponseWriter, r *http.Request, err error) {
	words := "Internal server error. The log has the cause."
	if e := errs.As(err); e != nil {
		words = e.Message
	} else {
		f.options.Log.ErrorContext(r.Context(), "dashboard viewer not authorized", "error", err)
	}
	http.Error(w, words, httpserver.Refuse(w.Header(), err))
}

func send(s *httpserver.Stream, name string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.Event(name, text)
}
