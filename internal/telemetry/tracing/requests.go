package tracing

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"docsquare/internal/viewer"
)

// Requests gives every request to next a span, named after its method and the route that the mux has found: put it around
// the handlers of the mux that are worth a trace. It follows a traceparent, or where anybody may ask only links to it. What
// hijacks, flushes or sets deadlines works through it.
func (t *Tracing) Requests(next http.Handler) http.Handler {
	if t == nil {
		return next
	}
	inside := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if span := trace.SpanFromContext(r.Context()); span.IsRecording() { // the library believes whatever the client has written
			client := viewer.ClientAddress(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), t.options.Proxies)
			span.SetAttributes(semconv.ClientAddress(client))
		}
		next.ServeHTTP(w, r)
	})
	return otelhttp.NewHandler(inside, "", // the name is that of the semantic conventions
		otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return t.options.Public }), otelhttp.WithTracerProvider(t.provider), otelhttp.WithMeterProvider(noop.NewMeterProvider()), otelhttp.WithPropagators(propagation.TraceContext{}))
}
