package graph

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"

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

// fromHTTP is what happens to a request before it becomes an operation, from the outside to the inside.
func (o Options) fromHTTP(s loader.Sources, operations http.Handler) http.Handler {
	return o.native(limited(o.SmallFile, located(o.PublicURL, versioned(s.Cache, o.explaining(o.authenticate(s, o.explained(s, operations)))))))
}

// native refuses what a page of another site had a browser send without asking first.
func (o Options) native(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.Origins.Foreign(r) {
			wire.Refuse(w, r, http.StatusForbidden, plainly(errs.Forbidden, "a page of another site has sent this: pages send a header such as GraphQL-Preflight, and the operator allows their origin"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// transports is every way to ask.
func transports(srv *handler.Server, s loader.Sources, o Options) {
	if o.Live == nil {
		o.Live = &wire.Live{}
	}
	ways := wire.Options{
		Live:         o.Live,
		Authenticate: identified(s), Present: presented(o.Log, o.Introspection), Recover: recovered(o.Log), Draining: o.Draining, KeepAlive: keepAlive,
		Write: writeTime, Init: initTime, Operations: maxOperations, Message: maxBody,
		Origin: func(r *http.Request) bool { return o.Origins.Own(r) || o.Origins.Allows(r.Header.Get("Origin")) },
	}
	srv.AddTransport(wire.WebSocket{Options: ways})
	srv.AddTransport(wire.HTTP{Options: ways, Conditional: newConditional().hooks()})
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

// explaining keeps a record of each request: a full one where it asks for it, and a brief one where somebody is told of it.
func (o Options) explaining(next http.Handler) http.Handler {
	told := len(o.Observers) > 0 || o.Slow > 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if r.Header.Get(explainHeader) == "1" {
			ctx, _ = explain.With(ctx)
		} else if told {
			ctx, _ = explain.Brief(ctx)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// explained keeps the record to the server where the viewer may not see it.
func (o Options) explained(s loader.Sources, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx := r.Context(); !o.Explain && explain.From(ctx).Full() && s.Accounts.Administers(ctx, viewer.From(ctx)) != nil {
			brief, _ := explain.Brief(ctx)
			r = r.WithContext(brief)
		}
		next.ServeHTTP(w, r)
	})
}

type methodKey struct{}

// methodOf is the method of the request of an operation.
func methodOf(ctx context.Context) string {
	method, _ := ctx.Value(methodKey{}).(string)
	return method
}

// versioned answers a request with nothing older than the version that it names.
func versioned(c *cache.Cache, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(context.WithValue(r.Context(), headersKey{}, w.Header()), methodKey{}, r.Method)
		if v := r.Header.Get(versionHeader); v != "" {
			ctx = c.NotBefore(ctx, cache.Version(v))
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// authenticate reads the viewer from the token. A bad token is refused, never taken for a guest.
func (o Options) authenticate(s loader.Sources, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := viewer.Viewer{UserAgent: r.UserAgent(), Address: viewer.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), o.Proxies)}
		ctx, err := identified(s)(viewer.With(r.Context(), client), r.Header.Get("Authorization"))
		if err == nil {
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		status := http.StatusInternalServerError
		if errs.Is(err, errs.Unauthenticated) {
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		wire.Refuse(w, r, status, shown(r.Context(), o.Log, err))
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
