package graph

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/model"
	"docsquare/graph/operation"
	"docsquare/graph/quota"
	"docsquare/graph/request"
	"docsquare/graph/transport"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/httpserver"
	"docsquare/internal/limit/admission"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/viewer"
)

// What clients on streams and sockets are allowed.
const (
	keepAlive = 20 * time.Second
	writeTime = 10 * time.Second
	initTime  = 10 * time.Second

	defaultSubscriptions = 100               // operations on one connection at one time
	formRoom             = maxBody + 128<<10 // bytes of a form in addition to its files: operations, map, and the headers of the parts
)

// fromHTTP makes a request.Request of each request: who asks, from where, and what is recorded about it.
func (o Options) fromHTTP(s loader.Sources, operations http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.Origins.Foreign(r) {
			transport.Refuse(w, r, http.StatusForbidden, clientError(errs.Forbidden, "a page of another site has sent this: pages send a header such as GraphQL-Preflight, and the operator allows their origin"))
			return
		}
		x := &request.Request{Context: r.Context(), Location: o.location(r), Method: r.Method, Headers: w.Header(), Authorization: httpserver.Header(r, "Authorization"), Record: o.record(r)}
		x.Unkept = x.Record.Full() || httpserver.Header(r, costHeader) != ""
		if v := httpserver.Header(r, versionHeader); v != "" {
			x.Context = s.Cache.NotBefore(x.Context, cache.Version(v))
		}
		x.Viewer = viewer.Viewer{UserAgent: httpserver.Header(r, "User-Agent"), Address: viewer.ClientAddress(r.RemoteAddr, r.Header["X-Forwarded-For"], o.Proxies)}
		err := identify(x, s)
		if refused := o.clients().Admit(x); refused != nil { // as a guest, if the token is not accepted
			err = refused
		}
		if err != nil {
			o.unidentified(w, r.WithContext(x), err)
			return
		}
		o.diagnose(x, httpserver.Header(r, uncachedHeader) == "1", s)
		r = r.WithContext(x)
		if limit := o.bodyLimit(r); r.ContentLength < 0 || r.ContentLength > limit {
			r.Body = http.MaxBytesReader(w, r.Body, limit)
		}
		operations.ServeHTTP(w, r)
	})
}

// diagnose grants what the request asks for about itself: explain and the bypass of the cache. In production it grants them to
// administrators; other requests are answered as if they had not asked.
func (o Options) diagnose(x *request.Request, bypass bool, s loader.Sources) {
	if !x.Record.Full() && !bypass {
		return
	}
	if !o.Explain && s.Accounts.Administers(x, x.Viewer) != nil {
		if x.Record.Full() {
			x.Record = record.New(false)
		}
		return
	}
	if bypass {
		x.Context, x.Unkept = cache.Bypass(x.Context), true
	}
}

func (o Options) clients() quota.Clients {
	return quota.Clients{Limiter: o.Limiter, Budgets: o.Budgets, Gate: o.Gate}
}

// enter waits until a request of the viewer may run. The turn is that of the request of ctx.
func (o Options) enter(ctx context.Context) (*admission.Turn, error) {
	if o.Gate == nil {
		return nil, nil //nolint:nilnil // a turn that does nothing
	}
	r := request.Of(ctx)
	turn, err := o.Gate.Enter(ctx, quota.Client(r), quota.Received(r))
	r.Turn = turn
	return turn, err
}

// pace has an operation wait whose client has had much done with what it has done so far.
func pace(ctx context.Context, bytes int) error {
	x := operation.From(ctx)
	if x == nil || x.Request().Turn == nil {
		return nil
	}
	return x.Request().Turn.Costs(ctx, quota.Work(x.Request(), x.Cache.ReadSet().Reads(), bytes))
}

// location returns where the client reaches the server, for the addresses in answers.
func (o Options) location(r *http.Request) string {
	switch {
	case o.PublicURL != "":
		return strings.TrimRight(o.PublicURL, "/")
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// record starts the record of a request: a full one if the client asks for it, a brief one if observers want it, otherwise none.
func (o Options) record(r *http.Request) *record.Record {
	switch {
	case httpserver.Header(r, explainHeader) == "1":
		return record.New(true)
	case len(o.Observers) > 0 || o.Slow > 0:
		return record.New(false)
	}
	return nil
}

// bodyLimit returns how many bytes the body may have: more if it brings a file.
func (o Options) bodyLimit(r *http.Request) int64 {
	const withFiles = "multipart/form-data"
	if media := httpserver.Header(r, "Content-Type"); len(media) >= len(withFiles) && strings.EqualFold(media[:len(withFiles)], withFiles) {
		return o.SmallFile + formRoom
	}
	return maxBody
}

// identify reads the viewer from the authorization. A bad token is an error, never a guest.
func identify(x *request.Request, s loader.Sources) error {
	v, err := s.Accounts.Authorize(x, x.Authorization)
	x.Viewer = x.Viewer.Identify(v)
	return err
}

// unidentified refuses a request whose authorization is not accepted, or whose client has used up its budget.
func (o Options) unidentified(w http.ResponseWriter, r *http.Request, err error) {
	transport.Refuse(w, r, httpserver.Refuse(w.Header(), err), toGraphQLError(r.Context(), o.Log, err))
}

// fileURL is where a file is sent to and downloaded from: with a width, a picture that is made of it.
func fileURL(ctx context.Context, f *ent.File, width *model.PictureWidth) *string {
	address := fileurl.Of(f.ID)
	if width != nil {
		address.Width = pictureWidths[*width]
	}
	text := request.Of(ctx).Location + address.String()
	return &text
}

// authenticated returns the request of a connection for an operation on it, with the viewer that the authorization names then.
func authenticated(s loader.Sources) func(ctx context.Context, authorization string) (context.Context, error) {
	return func(ctx context.Context, authorization string) (context.Context, error) {
		x := request.Derive(ctx, func(r *request.Request) { r.Authorization, r.Charge = authorization, request.Charge{} })
		return x, identify(x, s)
	}
}

// stillSignedIn returns a function that checks that the session of the context's viewer has not ended.
func stillSignedIn(ctx context.Context, s loader.Sources) func(context.Context) error {
	authorization := request.Of(ctx).Authorization
	return func(ctx context.Context) error {
		_, err := s.Accounts.Authorize(ctx, authorization)
		return err
	}
}

// transports returns the handler of every way to ask.
func transports(executor graphql.GraphExecutor, s loader.Sources, prices *quota.Extension, o Options) http.Handler {
	if o.Live == nil {
		o.Live = &transport.Live{}
	}
	ways := transport.Options{
		Live:         o.Live,
		Authenticate: authenticated(s), Admit: func(ctx context.Context) error { return o.clients().Admit(request.Of(ctx)) },
		Enter:   o.enter,
		Unread:  func(ctx context.Context) { prices.ChargeInvalid(request.Of(ctx)) },
		Present: errorPresenter(o.Log, o.Introspection), Recover: recovered, Draining: o.Draining, KeepAlive: keepAlive,
		Write: writeTime, Init: initTime, Operations: cmp.Or(o.Subscriptions, defaultSubscriptions), Message: maxBody,
		Connections: &transport.PerAddress{Max: o.Connections}, Running: &transport.PerAddress{Max: o.AddressSubscriptions},
		Origin: func(r *http.Request) bool { return o.Origins.Own(r) || o.Origins.Allows(r.Header.Get("Origin")) },
	}
	socket, single := transport.WebSocket{Options: ways}, transport.HTTP{Options: ways, Answers: newAnswers(s.Cache, prices, o).hooks()}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil { // a panic ends this request alone
				transport.Refuse(w, r, http.StatusInternalServerError, ways.Present(r.Context(), ways.Recover(r.Context(), p)))
			}
		}()
		if socket.Supports(r) {
			socket.Do(w, r, executor)
		} else {
			single.Do(w, r, executor)
		}
	})
}
