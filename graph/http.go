package graph

import (
	"context"
	"encoding/json"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/wire"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/explain"
	"docsquare/internal/upload"
	"docsquare/internal/viewer"
)

// What clients on streams and sockets are allowed.
const (
	keepAlive     = 20 * time.Second
	writeTime     = 10 * time.Second
	initTime      = 10 * time.Second
	maxOperations = 1000 // on one connection at one time
	multipartRoom = 1 << 20
)

// transports is every way to ask.
func transports(srv *handler.Server, s loader.Sources, o Options) {
	streams := wire.Options{
		Authenticate: identified(s), Present: presented(o.Log), Recover: recovered(o.Log), Draining: o.Draining, KeepAlive: keepAlive, Write: writeTime,
		Init: initTime, Operations: maxOperations, Message: maxBody,
	}
	srv.AddTransport(wire.WebSocket{Options: streams})
	srv.AddTransport(wire.SSE{Options: streams})
	srv.AddTransport(transport.Options{})
	srv.AddTransport(transport.GET{})
	srv.AddTransport(transport.POST{})
	srv.AddTransport(transport.MultipartForm{MaxUploadSize: o.SmallFile + multipartRoom, MaxMemory: multipartRoom})
}

// limited bounds the body of a request: one with a file may be larger.
func limited(smallFile int64, next http.Handler) http.Handler {
	plain, withFile := http.MaxBytesHandler(next, maxBody), http.MaxBytesHandler(next, smallFile+multipartRoom)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == "multipart/form-data" {
			withFile.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}

type locationKey struct{}

// located notes where the client reaches the server, for the addresses that answers hold.
func located(publicURL string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		location := strings.TrimRight(publicURL, "/")
		if location == "" {
			location = "http://" + r.Host
			if r.TLS != nil {
				location = "https://" + r.Host
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), locationKey{}, location)))
	})
}

// fileURL is where a file is sent to and downloaded from.
func fileURL(ctx context.Context, f *ent.File) *string {
	location, _ := ctx.Value(locationKey{}).(string)
	address := location + upload.Path + f.NodeID().String()
	return &address
}

// explaining keeps a record of each request that asks for one.
func explaining(allowed bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if allowed && r.Header.Get(explainHeader) == "1" {
			ctx, _ := explain.With(r.Context())
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

type headersKey struct{}

// versioned answers a request with nothing older than the version that it names.
func versioned(c *cache.Cache, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), headersKey{}, w.Header())
		if v := r.Header.Get(versionHeader); v != "" {
			ctx = c.NotBefore(ctx, cache.Version(v))
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// nameVersion puts the version of what an operation has written into the headers of its answer. Those of a stream, or of a
// socket whose operations run side by side, are sent long before.
func nameVersion(ctx context.Context, v cache.Version) {
	if headers, ok := ctx.Value(headersKey{}).(http.Header); ok && v != "" && !wire.Streams(ctx) {
		headers.Set(versionHeader, string(v))
	}
}

// authenticate reads the viewer from the session token. A bad token is refused, never taken for a guest.
func authenticate(s loader.Sources, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := viewer.With(r.Context(), viewer.Viewer{UserAgent: r.UserAgent(), Address: viewer.AddressOf(r.RemoteAddr)})
		ctx, err := identified(s)(ctx, r.Header.Get("Authorization"))
		if err != nil {
			refuse(r.Context(), log, w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

type authorizationKey struct{}

// identified puts whoever an authorization speaks for into the context, in the place of whoever is there.
func identified(s loader.Sources) func(ctx context.Context, authorization string) (context.Context, error) {
	return func(ctx context.Context, authorization string) (context.Context, error) {
		from := viewer.From(ctx)
		v, err := s.Accounts.Authorize(ctx, authorization)
		v.UserAgent, v.Address = from.UserAgent, from.Address
		return viewer.With(context.WithValue(ctx, authorizationKey{}, authorization), v), err
	}
}

// stillSignedIn is how to ask whether the session of the context's viewer has not ended.
func stillSignedIn(ctx context.Context, s loader.Sources) func(context.Context) error {
	authorization, _ := ctx.Value(authorizationKey{}).(string)
	return func(ctx context.Context) error {
		_, err := s.Accounts.Authorize(ctx, authorization)
		return err
	}
}

// refuse answers a request that does not become an operation.
func refuse(ctx context.Context, log *slog.Logger, w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if errs.Is(err, errs.Unauthenticated) {
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{shown(ctx, log, err)}}) // nobody is left to hear of a failure
}
