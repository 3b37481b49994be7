package operation_test

import (
	"context"
	"testing"

	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/cache"
	"docsquare/internal/telemetry/explain"
	"docsquare/internal/testkit/apptest"
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
	request := requested(context.WithValue(t.Context(), key{"below"}, "seen"), "ann")
	op := begin(t, request, bare(t))
	for name, ctx := range above(t, op) {
		if v := viewer.From(ctx); v != request.Viewer {
			t.Errorf("%s: the viewer is %+v", name, v)
		}
		if r := explain.From(ctx); r != request.Record {
			t.Errorf("%s: the record is %p", name, r)
		}
		if s := loader.From(ctx); s != op.Loaders || s.Viewer() != request.Viewer {
			t.Errorf("%s: the loaders are %p", name, s)
		}
		if c, _ := ctx.Value(cache.ScopeKey{}).(*cache.Scope); c != op.Cache {
			t.Errorf("%s: the scope is %p", name, c)
		}
		if operation.From(ctx) != op || operation.RequestOf(ctx) != request {
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
	if operation.From(ctx) != nil || loader.From(ctx) != nil {
		t.Error("there is an operation")
	}
	r := operation.RequestOf(ctx)
	if r.Viewer != (viewer.Viewer{}) || r.Record != nil || r.Headers != nil || r.Location != "" || r.Value(key{"below"}) != "seen" {
		t.Errorf("got %+v", r)
	}
	if r == operation.RequestOf(ctx) {
		t.Error("two contexts without a request share one")
	}
}

// TestRequestWithoutARecord checks that nothing is counted for it.
func TestRequestWithoutARecord(t *testing.T) {
	request := requested(t.Context(), "ann")
	request.Record = nil
	op := begin(t, request, bare(t))
	if r := explain.From(op); r != nil || r.Full() {
		t.Errorf("got %v", r)
	}
}

// TestValuesOnTopOfAnOperation checks that a viewer, a record or loaders that are put on top replace those of the operation.
func TestValuesOnTopOfAnOperation(t *testing.T) {
	s := bare(t)
	op := begin(t, requested(t.Context(), "ann"), s)
	bob := viewer.Viewer{UserID: apptest.ID("bob")}
	set := s.New(bob)
	ctx, record := explain.With(loader.With(viewer.With(op, bob), set))
	if viewer.From(ctx) != bob || loader.From(ctx) != set || explain.From(ctx) != record || operation.From(ctx) != op {
		t.Error("the operation hides what is on top of it")
	}
	viewer.Become(ctx, viewer.Viewer{})
	if v := viewer.From(op); v.UserID != apptest.ID("ann") {
		t.Errorf("the viewer of the operation has become %+v", v)
	}
}

// TestRequestsAreApart copies a request as a socket does for each of its operations: a sign-in in one is not one in another.
func TestRequestsAreApart(t *testing.T) {
	connection := requested(t.Context(), "ann")
	first, second := *connection, *connection
	first.Context, second.Context = connection, connection
	first.Record, second.Record = explain.New(true), nil
	viewer.Become(&first, viewer.Viewer{UserID: apptest.ID("bob")})
	for name, want := range map[*operation.Request]string{&first: "bob", &second: "ann", connection: "ann"} {
		op := begin(t, name, bare(t))
		if viewer.From(op).UserID != apptest.ID(want) || loader.From(op).Viewer().UserID != apptest.ID(want) {
			t.Errorf("the viewer is %v, want %s", viewer.From(op).UserID, want)
		}
		if operation.RequestOf(op) != name || explain.From(op) != name.Record {
			t.Error("the request or its record is that of another operation")
		}
	}
}
