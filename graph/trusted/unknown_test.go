package trusted_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docsquare/graph/trusted"
)

// logged is the records of a log, without their time.
func logged(t *testing.T, out *bytes.Buffer) (records []map[string]any) {
	t.Helper()
	for line := range strings.Lines(out.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		delete(record, "time")
		records = append(records, record)
	}
	return records
}

func TestUnknownDocumentsAreLoggedOnce(t *testing.T) {
	var out bytes.Buffer
	e := newExecutor(trusted.Log, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil)))
	for _, r := range []sent{
		{query: other, headers: http.Header{"Apollographql-Client-Name": {"web"}}},
		{query: other, headers: http.Header{"Apollographql-Client-Name": {"ios"}}}, // once a document, not once a client
		{query: hello},
		{extensions: named("t1")}, // trusted
		{query: "{"},
		{query: "{ bye }"},
		{extensions: named("x")}, // run not
		{query: "{ __typename }", headers: http.Header{"X-Graphql-Client-Name": {strings.Repeat("é", 80)}}},
	} {
		ask(t, e, r)
	}
	want := []map[string]any{
		{"level": "INFO", "msg": "untrusted document executed", "hash": sha(other), "operation": "Other", "fields": []any{"hello"}, "client": "web"},
		{"level": "INFO", "msg": "untrusted document executed", "hash": sha("{ __typename }"), "operation": "", "fields": []any{"__typename"}, "client": strings.Repeat("é", 50)},
	}
	if diff := cmp.Diff(want, logged(t, &out)); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownDocumentsAreLoggedByLogAlone(t *testing.T) {
	for _, mode := range []trusted.Mode{trusted.Off, trusted.Prefer, trusted.Enforce} {
		var out bytes.Buffer
		ask(t, newExecutor(mode, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil))), sent{query: other})
		if out.Len() > 0 {
			t.Errorf("%s: %s", mode, out.String())
		}
	}
}

// TestLearnedDocumentsAreLogged: what automatic persisted queries put in the place of a hash is logged as what is sent.
func TestLearnedDocumentsAreLogged(t *testing.T) {
	var out bytes.Buffer
	e := newExecutor(trusted.Log, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil)))
	ask(t, e, sent{query: other, extensions: persisted(sha(other))})
	out.Reset()
	e.Use(trusted.NewGate(trusted.Log, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil)))) // as after a restart
	if got := ask(t, e, sent{extensions: persisted(sha(other))}); got != "ran Other of " {
		t.Fatal(got)
	}
	if records := logged(t, &out); len(records) != 1 || records[0]["hash"] != sha(other) {
		t.Errorf("got %v", records)
	}
}

func TestTheLogIsBounded(t *testing.T) {
	var out bytes.Buffer
	e := newExecutor(trusted.Log, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil)))
	for i := range 1100 {
		ask(t, e, sent{query: fmt.Sprintf("query Q%d { hello }", i)})
	}
	records := logged(t, &out)
	if len(records) != 1001 {
		t.Fatalf("there are %d records", len(records))
	}
	want := map[string]any{"level": "WARN", "msg": "further untrusted documents not logged until the next start", "logged": 1000.0}
	if diff := cmp.Diff(want, records[1000]); diff != "" {
		t.Error(diff)
	}
}

func TestFieldsInTheLogAreBounded(t *testing.T) {
	var out bytes.Buffer
	e := newExecutor(trusted.Log, load(t, relay), slog.New(slog.NewJSONHandler(&out, nil)))
	e.SetParserTokenLimit(0)
	ask(t, e, sent{query: "query " + strings.Repeat("a", 200) + " {" + strings.Repeat(" hello", 50) + "}"})
	records := logged(t, &out)
	if len(records) != 1 || len(records[0]["fields"].([]any)) != 10 || records[0]["operation"] != strings.Repeat("a", 100) {
		t.Errorf("got %v", records)
	}
}
