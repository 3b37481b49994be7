// Package tracing owns what leaves the server as OpenTelemetry spans: one for a request, below it one for each of its
// operations, and below that one for every step of the operation's record. Where a trace is not kept it costs next to
// nothing. It measures nothing by itself and keeps nothing global. It must never fail a request or make it wait, nor send
// the values of a request or of a statement.
package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// The bounds of what waits to be sent, and of the time that sending takes.
const (
	maxQueue  = 4096 // spans; what finds no room is dropped
	maxBatch  = 512  // spans
	batchTime = 2 * time.Second
	sendTime  = 5 * time.Second
	closeTime = 5 * time.Second
	maxText   = 4096 // characters of one attribute
)

// Options say where traces go and what they are called.
type Options struct {
	Endpoint    string            // of OTLP over HTTP, such as http://collector:4318; empty: off
	Headers     map[string]string // sent with every batch
	Ratio       float64           // share of the requests that begin a trace here, 0 to 1; a traceparent is followed whatever it is
	Service     string
	Version     string
	Environment string
	Database    string // sqlite or postgresql, the values of db.system.name
	Proxies     int    // how many proxies stand before the server, as viewer.ClientAddress wants it
	Public      bool   // whether any client may send requests: then callers do not decide what is kept
	Log         *slog.Logger
}

// Tracing sends traces. A nil Tracing does nothing, so callers never ask whether there is one.
type Tracing struct {
	options  Options
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	sender   *sender
	database attribute.KeyValue
}

// Open starts to send traces. It is nil where there is no endpoint. The endpoint need not answer yet. Close it.
func Open(ctx context.Context, o Options) (*Tracing, error) {
	if o.Endpoint == "" {
		return nil, nil //nolint:nilnil // a nil Tracing does nothing
	}
	address, err := addressOf(o.Endpoint)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(o.Ratio) || o.Ratio < 0 || o.Ratio > 1 {
		return nil, fmt.Errorf("the share of requests that are traced must be 0 to 1, but is %v", o.Ratio)
	}
	out, err := newSender(ctx, address, o.Headers, o.Log)
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(source(ctx, o)),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(o.Ratio))),
		sdktrace.WithRawSpanLimits(limits()),
		sdktrace.WithSpanProcessor(legible{}),
		sdktrace.WithBatcher(out, sdktrace.WithMaxQueueSize(maxQueue), sdktrace.WithMaxExportBatchSize(maxBatch),
			sdktrace.WithBatchTimeout(batchTime), sdktrace.WithExportTimeout(sendTime)),
	)
	return &Tracing{
		options: o, provider: provider, tracer: provider.Tracer("docsquare/internal/telemetry/tracing", trace.WithInstrumentationVersion(o.Version)),
		sender: out, database: semconv.DBSystemNameKey.String(o.Database),
	}, nil
}

// Close sends what still waits, for a bounded time, and ends. It returns the context's error where something was left.
func (t *Tracing) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, closeTime)
	defer cancel()
	err := t.provider.Shutdown(ctx)
	t.sender.end(ctx)
	return err
}

// TraceID returns the identifier of the context's trace in hexadecimal, sampled or not, or "" if there is no trace.
func TraceID(ctx context.Context) string {
	id := trace.SpanContextFromContext(ctx).TraceID()
	if !id.IsValid() {
		return ""
	}
	return id.String()
}

// addressOf is where batches are sent to: the endpoint, with the path that OTLP has for traces.
func addressOf(endpoint string) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", errors.New("the endpoint of traces must be such as http://collector:4318, with credentials in headers") // it may hold some
	}
	if !strings.HasSuffix(u.Path, "/v1/traces") {
		u = u.JoinPath("v1", "traces")
	}
	return u.String(), nil
}

// source returns the resource that describes this process. It leaves out the arguments: they may contain secrets.
func source(ctx context.Context, o Options) *resource.Resource {
	about := []attribute.KeyValue{semconv.ServiceName(o.Service), semconv.ServiceInstanceID(uuid.NewString())}
	if o.Version != "" {
		about = append(about, semconv.ServiceVersion(o.Version))
	}
	if o.Environment != "" {
		about = append(about, semconv.DeploymentEnvironmentNameKey.String(o.Environment))
	}
	r, err := resource.New(ctx, resource.WithSchemaURL(semconv.SchemaURL), resource.WithAttributes(about...), resource.WithTelemetrySDK(),
		resource.WithHost(), resource.WithOSType(), resource.WithProcessPID(), resource.WithProcessExecutableName(),
		resource.WithProcessRuntimeName(), resource.WithProcessRuntimeVersion())
	if err != nil {
		o.Log.WarnContext(ctx, "trace resource incomplete", "error", err)
	}
	return r
}

func limits() sdktrace.SpanLimits {
	l := sdktrace.NewSpanLimits()
	l.AttributeValueLengthLimit, l.AttributeCountLimit = maxText, sdktrace.DefaultAttributeCountLimit
	return l
}

// plainClient sends batches. It follows no redirect, because its headers may be secret.
func plainClient() *http.Client {
	return &http.Client{
		Timeout:       sendTime,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: sendTime},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Attributes returns the trace ID of the context for log lines, or nil if there is no trace.
func Attributes(ctx context.Context) []slog.Attr {
	if id := TraceID(ctx); id != "" {
		return []slog.Attr{slog.String("trace_id", id)}
	}
	return nil
}
