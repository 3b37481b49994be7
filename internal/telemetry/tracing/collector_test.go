package tracing_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/trace"
	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"docsquare/internal/telemetry/tracing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// collector takes traces as OTLP over HTTP sends them.
type collector struct {
	*httptest.Server

	mu     sync.Mutex
	away   bool
	header http.Header
	path   string
	source map[string]string
	spans  []*tracepb.Span

	refused chan struct{} // one for every batch that was not taken
}

func newCollector(t *testing.T) *collector {
	c := &collector{refused: make(chan struct{}, 100)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.away {
			c.refused <- struct{}{}
			http.Error(w, "no "+strings.Repeat("n", 10_000), http.StatusForbidden)
			return
		}
		if err := c.take(r); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(r *http.Request) error {
	in, err := gzip.NewReader(r.Body)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var request collectorpb.ExportTraceServiceRequest
	if err := proto.Unmarshal(text, &request); err != nil {
		return err
	}
	c.header, c.path = r.Header, r.URL.Path
	for _, source := range request.GetResourceSpans() {
		c.source = texts(source.GetResource().GetAttributes())
		for _, scope := range source.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return nil
}

func (c *collector) set(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
}

// taken is every span that has come, by its name, which must be there once.
func (c *collector) taken(t *testing.T) map[string]*tracepb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]*tracepb.Span{}
	for _, s := range c.spans {
		if out[s.GetName()] != nil {
			t.Errorf("two spans are called %q", s.GetName())
		}
		out[s.GetName()] = s
	}
	return out
}

// texts are attributes in words.
func texts(all []*commonpb.KeyValue) map[string]string {
	out := map[string]string{}
	for _, a := range all {
		switch v := a.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			out[a.GetKey()] = v.StringValue
		case *commonpb.AnyValue_IntValue:
			out[a.GetKey()] = strconv.FormatInt(v.IntValue, 10)
		case *commonpb.AnyValue_ArrayValue:
			var parts []string
			for _, part := range v.ArrayValue.GetValues() {
				parts = append(parts, part.GetStringValue())
			}
			out[a.GetKey()] = strings.Join(parts, "|")
		default:
			out[a.GetKey()] = a.GetValue().String()
		}
	}
	return out
}

// parentOf is the name of the span's parent; empty where it is no span that has come.
func parentOf(s *tracepb.Span, all map[string]*tracepb.Span) string {
	for name, other := range all {
		if bytes.Equal(other.GetSpanId(), s.GetParentSpanId()) {
			return name
		}
	}
	return ""
}

func traceOf(s *tracepb.Span) string { return hex.EncodeToString(s.GetTraceId()) }

// open is tracing to the endpoint that keeps a share of the requests.
func open(t testing.TB, endpoint string, ratio float64, log *slog.Logger, change ...func(*tracing.Options)) *tracing.Tracing {
	o := tracing.Options{
		Endpoint: endpoint, Headers: map[string]string{"X-Key": "k"}, Ratio: ratio, Service: "docsquare", Version: "1.2.3", Environment: "test", Database: "sqlite", Log: log,
	}
	for _, f := range change {
		f(&o)
	}
	on, err := tracing.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return on
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func end(t testing.TB, on *tracing.Tracing) {
	if err := on.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// ask sends one request through tracing, which next answers.
func ask(t testing.TB, on *tracing.Tracing, next http.HandlerFunc, change ...func(*http.Request)) {
	mux := http.NewServeMux()
	mux.Handle("/graphql", on.Requests(next))
	mux.Handle("/files/{rest...}", on.Requests(next))
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql?query={secret}", strings.NewReader("{}"))
	for _, f := range change {
		f(r)
	}
	mux.ServeHTTP(httptest.NewRecorder(), r)
}

// parented gives a request a traceparent.
func parented(id string, flags trace.TraceFlags) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Traceparent", "00-"+id+"-00f067aa0ba902b7-"+flags.String()) }
}
