package tracing

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"docsquare/internal/telemetry/record"
)

// The attributes that are ours.
const (
	keyStatements = attribute.Key("docsquare.statements")
	keyRoundTrips = attribute.Key("docsquare.round_trips")
	keyAsked      = attribute.Key("docsquare.keys_asked") // of loaders, doubles included
	keyKeys       = attribute.Key("docsquare.keys")       // sent on in a batch, or read from the database
	keyBatches    = attribute.Key("docsquare.batches")
	keyCost       = attribute.Key("docsquare.cost")
	keyKept       = attribute.Key("docsquare.kept") // the answer was kept from an earlier operation
	keyDropped    = attribute.Key("docsquare.steps_dropped")
	keyCodes      = attribute.Key("docsquare.error_codes")
	keyLoader     = attribute.Key("docsquare.loader")
	keyKind       = attribute.Key("docsquare.kind")
	keyCall       = attribute.Key("docsquare.redis_call")
	keyRows       = attribute.Key("docsquare.rows_affected")
)

// maxSteps bounds the spans of one operation, whatever its record keeps.
const maxSteps = 500

// Observe turns an operation that has ended into spans, below that of the request in the context, where that one is kept.
// Where it is not, it does nothing. What comes over a connection that goes on for hours, a socket or a subscription, gets
// its own trace each time, sampled independently and linked to the trace of the connection. No span begins before the
// operation or ends after it.
func (t *Tracing) Observe(ctx context.Context, op record.Operation) {
	if t == nil {
		return
	}
	request, own := trace.SpanFromContext(ctx), op.Type == "subscription" || op.Connection
	if !own && !request.IsRecording() {
		return
	}
	how := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(op.Began)}
	if own {
		how = append(how, trace.WithNewRoot(), trace.WithLinks(trace.Link{SpanContext: request.SpanContext()}))
	}
	ctx, span := t.tracer.Start(ctx, nameOf(op), how...)
	if !span.IsRecording() {
		return
	}
	report, ended := op.Record.Report(), op.Began.Add(op.Took)
	span.SetAttributes(about(op, report)...)
	if failures := codesOf(op); len(failures) > 0 {
		span.SetAttributes(semconv.ErrorTypeKey.String(failures[0]), keyCodes.StringSlice(failures))
		span.SetStatus(codes.Error, strings.Join(failures, ", "))
	}
	if op.Record != nil {
		t.steps(ctx, op, report.Steps)
	}
	span.End(trace.WithTimestamp(ended))
}

// nameOf is the name of an operation's span. Only trusted documents put theirs into it: there are few of them.
func nameOf(op record.Operation) string {
	switch {
	case op.Type == "":
		return "GraphQL Operation"
	case op.Known && op.Name != "":
		return op.Type + " " + op.Name
	}
	return op.Type
}

// about returns the attributes of an operation's span, with the sums of its record.
func about(op record.Operation, report record.Report) []attribute.KeyValue {
	did := op.Record.Totals()
	out := []attribute.KeyValue{
		keyStatements.Int(did.Statements), keyRoundTrips.Int(did.RoundTrips), keyAsked.Int(did.Keys), keyBatches.Int(did.Batches), keyCost.Int(report.Cost.Actual),
	}
	if op.Kept {
		out = append(out, keyKept.Bool(true))
	}
	if op.Type != "" {
		out = append(out, semconv.GraphQLOperationTypeKey.String(op.Type))
	}
	if op.Name != "" {
		out = append(out, semconv.GraphQLOperationName(op.Name))
	}
	if dropped := report.Dropped + max(len(report.Steps)-maxSteps, 0); dropped > 0 {
		out = append(out, keyDropped.Int(dropped))
	}
	return out
}

// codesOf is every code of the operation's errors once.
func codesOf(op record.Operation) []string {
	var out []string
	for _, code := range op.Codes {
		if code == "" {
			code = semconv.ErrorTypeOther.Value.AsString()
		}
		if !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	return out
}

// steps turns the steps of a record into spans below that of the context.
func (t *Tracing) steps(ctx context.Context, op record.Operation, steps []record.Step) {
	steps = steps[:min(len(steps), maxSteps)]
	within := make([]context.Context, len(steps)) // of each step, for those that were taken within it
	for i, s := range steps {
		parent := ctx
		if s.Parent != nil && *s.Parent < i { // a step begins after the one that it is part of
			parent = within[*s.Parent]
		}
		began := op.Record.Started().Add(millis(s.At))
		d := t.describe(s)
		var span trace.Span
		within[i], span = t.tracer.Start(parent, d.name, trace.WithSpanKind(d.kind), trace.WithTimestamp(inside(op, began)), trace.WithAttributes(d.attributes...))
		if s.Failed { // the operation's own errors say why, as far as anybody may know
			span.SetAttributes(semconv.ErrorTypeOther)
			span.SetStatus(codes.Error, "")
		}
		span.End(trace.WithTimestamp(inside(op, began.Add(millis(s.MS)))))
	}
}

// inside is the time, moved into the operation: a step may outlive it, such as one whose caller no longer waits.
func inside(op record.Operation, at time.Time) time.Time {
	if at.Before(op.Began) {
		return op.Began
	}
	if ended := op.Began.Add(op.Took); at.After(ended) {
		return ended
	}
	return at
}

func millis(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
