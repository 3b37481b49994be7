package operation_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/internal/kinds"
	"docsquare/internal/services"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// community returns a database with the community of apptest.
func community(t *testing.T) (url string) {
	t.Helper()
	url = servicetest.Community(t, "sqlite")
	return url
}

// bare returns sources with an embedded cache and without services.
func bare(t *testing.T) loader.Sources {
	t.Helper()
	c := kinds.New(kinds.Options{})
	t.Cleanup(c.Close)
	return loader.Sources{Services: services.Services{Cache: c}}
}

// requested returns a request of an account of the community.
func requested(ctx context.Context, who string) *request.Request {
	return &request.Request{
		Context: ctx, Viewer: viewer.Viewer{UserID: servicetest.ID(who)}, Record: record.New(true),
		Location: "http://docsquare.test", Method: http.MethodPost, Headers: http.Header{},
	}
}

// begin starts an operation that ends with the test at the latest.
func begin(t *testing.T, ctx context.Context, s loader.Sources) *operation.Operation {
	t.Helper()
	op := operation.Begin(ctx, s, time.Minute, false)
	t.Cleanup(op.End)
	return op
}

// user reads an account in an operation.
func user(op *operation.Operation, id uuid.UUID) (*ent.User, error) {
	u, _, err := operation.One(op, loader.Users, id)
	return u, err
}
