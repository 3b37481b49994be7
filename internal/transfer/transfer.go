// Package transfer owns the addresses under which files are sent and fetched: uploads by tus 1.0 (https://tus.io), and
// downloads with ranges. It decides nothing about files: it asks the services.
package transfer

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	expslog "golang.org/x/exp/slog"

	"docsquare/internal/account"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
	"docsquare/internal/nodeid"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// A connection over which no byte comes, or goes, for so long is given up.
const silence = 30 * time.Second

// Services is what is asked.
type Services struct {
	Accounts  *account.Service
	Uploads   *upload.Service
	Documents *document.Service
}

// Options of the handler.
type Options struct {
	PublicURL string // where clients reach the server; empty: where each request was sent to
	Proxies   int    // before the server, each of which adds to X-Forwarded-For
	Log       *slog.Logger

	// Charge charges a request to its client, in points, and Start counts an upload that starts. An error of a client's refuses the request.
	// nil: nothing is charged or counted.
	Charge func(ctx context.Context, v viewer.Viewer, points int) error
	Start  func(ctx context.Context, v viewer.Viewer) error
}

type server struct {
	Services
	Options
}

// Handler answers every address under upload.Path.
func Handler(s Services, o Options) (http.Handler, error) {
	h := &server{Services: s, Options: o}
	composer := handler.NewStoreComposer()
	composer.UseCore(h)
	composer.UseTerminater(h)
	memorylocker.New().UseIn(composer)
	uploads, err := handler.NewHandler(handler.Config{
		StoreComposer: composer, BasePath: strings.TrimRight(o.PublicURL, "/") + upload.Path, MaxSize: s.Uploads.Limits().File, DisableDownload: true, NetworkTimeout: silence,
		Logger: expslog.New(expslog.NewTextHandler(io.Discard, nil)), // requests are logged in one place for all
	})
	if err != nil {
		return nil, err
	}
	sent := http.StripPrefix(upload.Path, uploads)
	return h.identified(h.charged(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead && r.Header.Get("Tus-Resumable") == "" {
			h.download(w, r)
			return
		}
		sent.ServeHTTP(w, r)
	}))), nil
}

// identified reads the viewer from the address and the session token. A bad token is refused, never taken for a guest.
func (h *server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := viewer.Viewer{UserAgent: r.UserAgent(), Address: viewer.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), h.Proxies)}
		who, err := h.Accounts.Authorize(viewer.With(r.Context(), v), r.Header.Get("Authorization"))
		if err != nil {
			h.refuse(r.Context(), w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(viewer.With(r.Context(), v.Identify(who))))
	})
}

// shown returns what a client may see of an error.
func (h *server) shown(ctx context.Context, err error) *errs.Error {
	if e := errs.As(err); e != nil && e.Code != errs.Internal {
		return e
	}
	h.Log.ErrorContext(ctx, "transfer failed", "error", err)
	return errs.New(errs.Internal, "Internal server error. The log has the cause.")
}

// refuse answers an error as JSON.
func (h *server) refuse(ctx context.Context, w http.ResponseWriter, err error) {
	e := h.shown(ctx, err)
	h.refuseAs(w, httpserver.Refuse(w.Header(), e), *e)
}

// refuseAs answers an error with this status.
func (h *server) refuseAs(w http.ResponseWriter, status int, e errs.Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": e.Message, "code": e.Code}) // an error cannot be reported to the client any more
}

// tusError is an error as the tus handler passes it on.
func (h *server) tusError(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	e := h.shown(ctx, err)
	return handler.NewError("ERR_"+string(e.Code), e.Message, httpserver.Status(e.Code))
}

// fileID is the file that a path names; false where it names none.
func fileID(path string) (nodeid.ID, bool) {
	id, err := nodeid.Parse(strings.TrimPrefix(path, upload.Path))
	return id, err == nil && id.Type == nodeid.File
}
