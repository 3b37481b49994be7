package tracing

import (
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"docsquare/internal/telemetry/record"
)

// pipeline is the operation of a round trip to Redis, as the semantic conventions call commands that go together.
const pipeline = "PIPELINE"

// described returns the attributes of a step's span.
type described struct {
	name       string
	kind       trace.SpanKind
	attributes []attribute.KeyValue
}

func (t *Tracing) describe(s record.Step) described {
	switch s.Kind {
	case record.Level:
		return described{"level", trace.SpanKindInternal, []attribute.KeyValue{keyBatches.Int(s.Count)}}
	case record.Batch:
		return described{"batch " + s.Name, trace.SpanKindInternal, []attribute.KeyValue{keyLoader.String(s.Name), keyKeys.Int(s.Count)}}
	case record.Load:
		return described{"load " + s.Name, trace.SpanKindInternal, []attribute.KeyValue{keyKind.String(s.Name), keyKeys.Int(s.Count)}}
	case record.RoundTrip:
		return roundTrip(s)
	case record.SQLText:
		return t.statement(s)
	}
	return described{s.Kind, trace.SpanKindInternal, nil}
}

// roundTrip describes a call of Redis: what it is for, since its commands are many.
func roundTrip(s record.Step) described {
	summary := pipeline + " " + s.Name
	about := []attribute.KeyValue{semconv.DBSystemNameRedis, semconv.DBOperationName(pipeline), semconv.DBQuerySummary(summary), keyCall.String(s.Name)}
	if s.Count != 1 { // one is no batch
		about = append(about, semconv.DBOperationBatchSize(s.Count))
	}
	return described{summary, trace.SpanKindClient, about}
}

// statement describes a statement of SQL, whose text has placeholders where its values are.
func (t *Tracing) statement(s record.Step) described {
	about := []attribute.KeyValue{t.database, semconv.DBQueryText(s.Name)}
	verb, table := verbAndTable(s.Name)
	if verb == "" {
		return described{t.database.Value.AsString(), trace.SpanKindClient, about}
	}
	about = append(about, semconv.DBOperationName(verb))
	if verb == "SELECT" {
		about = append(about, semconv.DBResponseReturnedRows(s.Count))
	} else {
		about = append(about, keyRows.Int(s.Count))
	}
	if table == "" {
		return described{verb, trace.SpanKindClient, about}
	}
	summary := verb + " " + table
	return described{summary, trace.SpanKindClient, append(about, semconv.DBQuerySummary(summary))}
}

var (
	statementVerb  = regexp.MustCompile(`(?i)^(SELECT|INSERT|UPDATE|DELETE)\b`)
	statementTable = regexp.MustCompile("(?is)^(?:SELECT\\s.*?\\sFROM|INSERT\\s.*?INTO|UPDATE|DELETE\\s+FROM)\\s+[`\"]?([\\w.]+)")
)

// verbAndTable returns the verb of a statement and the first table that it names; each is empty if it is not found. It is not a
// parser: the table may be that of a subquery.
func verbAndTable(statement string) (verb, table string) {
	statement = strings.TrimSpace(statement)
	if m := statementTable.FindStringSubmatch(statement); m != nil {
		table = m[1]
	}
	return strings.ToUpper(statementVerb.FindString(statement)), table
}
