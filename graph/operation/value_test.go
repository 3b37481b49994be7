package operation_test

import (
	"context"
	"testing"

	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/internal/cache"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

type key struct{ name string }

// above are contexts that layers between an operation and its reader put on top.
func above(t *testing.T, ctx context.Context) map[string]context.Context {
	t.Helper()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	bounded, cancel := context.WithTimeout(ctx, 1)
	t.Cleanup(cancel)
	return map[string]context.Context{
		"the context itself":      ctx,
		"a value on top":          context.WithValue(ctx, key{"on top"}, 1),
		"cancelled":               cancelled,
		"with an earlier end":     bounded,
		"without its cancelation": context.WithoutCancel(ctx),
	}
}

// TestValuesOfAnOperation checks what the readers of a context find in an operation and in its request.
func TestValuesOfAnOperation(t *testing.T) {
	asked := requested(context.WithValue(t.Context(), key{"below"}, "seen"), "ann")
	op := begin(t, asked, bare(t))
	for name, ctx := range above(t, op) {
		if v := viewer.From(ctx); v != asked.Viewer {
			t.Errorf("%s: the viewer is %+v", name, v)
		}
		if r := record.From(ctx); r != asked.Record {
			t.Errorf("%s: the record is %p", name, r)
		}
		if s := operation.Loaders(ctx); s != op.Loaders || s.Viewer() != asked.Viewer {
			t.Errorf("%s: the loaders are %p", name, s)
		}
		if c, _ := ctx.Value(cache.ScopeKey{}).(*cache.Scope); c != op.Cache {
			t.Errorf("%s: the scope is %p", name, c)
		}
		if operation.From(ctx) != op || request.Of(ctx) != asked {
			t.Errorf("%s: another operation or request", name)
		}
		if got := ctx.Value(key{"below"}); got != "seen" {
			t.Errorf("%s: the value below the request is %v", name, got)
		}
		if got := ctx.Value(key{"unknown"}); got != nil {
			t.Errorf("%s: an unknown value is %v", name, got)
		}
	}
}

// TestContextWithoutAnOperation checks that readers find nothing, and do not fail.
func TestContextWithoutAnOperation(t *testing.T) {
	ctx := context.WithValue(t.Context(), key{"below"}, "seen")
	if operation.From(ctx) != nil || operation.Loaders(ctx) != nil {
		t.Error("there is an operation")
	}
	r := request.Of(ctx)
	if r.Viewer != (viewer.Viewer{}) || r.Record != nil || r.Headers != nil || r.Location != "" || r.Value(key{"below"}) != "seen" {
		t.Errorf("got %+v", r)
	}
	if r == request.Of(ctx) {
		t.Error("two contexts without a request share one")
	}
}

// TestRequestWithoutARecord checks that nothing is counted for it.
func TestRequestWithoutARecord(t *testing.T) {
	asked := requested(t.Context(), "ann")
	asked.Record = nil
	op := begin(t, asked, bare(t))
	if r := record.From(op); r != nil || r.Full() {
		t.Errorf("got %v", r)
	}
}

// TestFreshOperation checks that loaders on top of an operation read again, and that a sign-in in them is none below.
func TestFreshOperation(t *testing.T) {
	s := bare(t)
	op := begin(t, requested(t.Context(), "ann"), s)
	fresh := op.Fresh(op, s)
	if operation.From(fresh) != fresh || operation.Loaders(fresh) == op.Loaders || viewer.From(fresh) != viewer.From(op) || request.Of(fresh) != request.Of(op) {
		t.Error("it is not an operation of the same request with other loaders")
	}
	ctx, rec := record.With(fresh)
	fresh.Loaders.Become(viewer.Viewer{UserID: servicetest.ID("bob")})
	if viewer.From(ctx).UserID != servicetest.ID("bob") || record.From(ctx) != rec {
		t.Errorf("the viewer is %v", viewer.From(ctx).UserID)
	}
	if v := viewer.From(op); v.UserID != servicetest.ID("ann") {
		t.Errorf("the viewer of the operation has become %+v", v)
	}
}

// TestRequestsAreApart derives requests as a socket does for each of its operations: a viewer in one is not one in another.
func TestRequestsAreApart(t *testing.T) {
	connection := requested(t.Context(), "ann")
	first := request.Derive(connection, func(r *request.Request) {
		r.Record, r.Viewer = record.New(true), viewer.Viewer{UserID: servicetest.ID("bob")}
	})
	second := request.Derive(connection, func(r *request.Request) { r.Record = nil })
	for r, want := range map[*request.Request]string{first: "bob", second: "ann", connection: "ann"} {
		op := begin(t, r, bare(t))
		if viewer.From(op).UserID != servicetest.ID(want) || op.Loaders.Viewer().UserID != servicetest.ID(want) {
			t.Errorf("the viewer is %v, want %s", viewer.From(op).UserID, want)
		}
		if request.Of(op) != r || record.From(op) != r.Record {
			t.Error("the request or its record is that of another operation")
		}
	}
}
