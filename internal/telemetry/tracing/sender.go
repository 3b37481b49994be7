package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"docsquare/internal/text/plaintext"
)

// maxReason is how much of an error is logged, in characters: the collector answers what it likes.
const maxReason = 300

// sender sends batches, and logs the start and the end of an outage, however many batches are lost.
type sender struct {
	*otlptrace.Exporter

	client  *http.Client
	address string
	log     *slog.Logger

	mu    sync.Mutex
	lost  int // spans of the outage that is under way; 0: none is
	ended bool
}

var errEnded = errors.New("there was no time left to send them")

func newSender(ctx context.Context, address string, headers map[string]string, log *slog.Logger) (*sender, error) {
	s := &sender{client: plainClient(), address: address, log: log}
	exporter, err := otlptracehttp.New(ctx, // every option, for those that are not given come from the environment
		otlptracehttp.WithEndpointURL(address), otlptracehttp.WithHeaders(headers), otlptracehttp.WithHTTPClient(s.client), otlptracehttp.WithTimeout(sendTime),
		otlptracehttp.WithEncoding(otlptracehttp.EncodingProtobuf), otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: true, InitialInterval: 250 * time.Millisecond, MaxInterval: sendTime / 4, MaxElapsedTime: sendTime}))
	if err != nil {
		return nil, fmt.Errorf("the exporter of traces: %w", err)
	}
	s.Exporter = exporter
	return s, nil
}

// ExportSpans sends a batch. A failure is logged here and not returned to the SDK, whose error handler is global.
func (s *sender) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := s.send(ctx, spans)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil && s.lost == 0:
		s.lost = len(spans)
		s.log.WarnContext(ctx, "trace collector unavailable, dropping traces", "endpoint", s.address, "error", reason(err))
	case err != nil:
		s.lost += len(spans)
	case s.lost > 0:
		s.log.InfoContext(ctx, "trace collector available", "endpoint", s.address, "lost", s.lost)
		s.lost = 0
	}
	return nil
}

func (s *sender) send(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	if ended {
		return errEnded
	}
	return s.Exporter.ExportSpans(ctx, spans)
}

// end gives up what is under way and what waits behind it.
func (s *sender) end(ctx context.Context) {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	_ = s.Shutdown(ctx) // that the context is over is known
	s.client.CloseIdleConnections()
}

func reason(err error) string {
	return plaintext.Shorten(strings.ToValidUTF8(err.Error(), "�"), maxReason)
}

// legible corrects text that clients wrote into a request, such as its path: a single span whose text is not valid UTF-8
// would spoil its whole batch.
type legible struct{}

func (legible) OnStart(_ context.Context, s sdktrace.ReadWriteSpan) {
	if s.SpanKind() != trace.SpanKindServer {
		return
	}
	for _, a := range s.Attributes() {
		if a.Value.Type() == attribute.STRING && !utf8.ValidString(a.Value.AsString()) {
			s.SetAttributes(a.Key.String(strings.ToValidUTF8(a.Value.AsString(), "�")))
		}
	}
}

func (legible) OnEnd(sdktrace.ReadOnlySpan) {}

func (legible) Shutdown(context.Context) error { return nil }

func (legible) ForceFlush(context.Context) error { return nil }
