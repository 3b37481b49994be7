package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"docsquare/internal/telemetry/record"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/apptest"
	"docsquare/internal/testkit/servicetest"
)

var update = flag.Bool("update", false, "write what the cases answer and cost into them")

// TestCases runs every case of testdata through the real handler: on both databases, with Redis, with Redis alone and
// without it; queries cold and warm. Every run must answer the same, at the cost that the case states.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	testkit.Must(t, err)
	for _, dialect := range []string{"sqlite", "postgres"} {
		t.Run(dialect, func(t *testing.T) {
			shared := servicetest.Community(t, dialect)
			for _, file := range files {
				t.Run(strings.TrimPrefix(strings.TrimSuffix(file, ".txtar"), "testdata/"), func(t *testing.T) {
					for name, tiers := range map[string]servicetest.Tiers{"both tiers": {Redis: true}, "far tier": {Redis: true, Far: true}, "near tier": {}} {
						t.Run(name, func(t *testing.T) { runCase(t, file, shared, dialect, tiers) })
					}
				})
			}
		})
	}
}

func runCase(t *testing.T, file, shared, dialect string, tiers servicetest.Tiers) {
	t.Helper()
	c := openCase(t, file, shared, dialect, tiers)
	for _, name := range c.operations() {
		c.step(name)
	}
	if *update && dialect == "sqlite" {
		testkit.Must(t, os.WriteFile(file, txtar.Format(c.archive), 0o600))
	}
}

// openCase opens an application for a case: over the shared database if the case only reads, otherwise over its own.
func openCase(t *testing.T, file, shared, dialect string, tiers servicetest.Tiers) *testCase {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	testkit.Must(t, err)
	c := &testCase{t: t, archive: archive, tiers: tiers, url: shared, writing: bytes.Contains(bytes.Join(contents(archive), nil), []byte("mutation"))}
	if c.writing {
		c.url = servicetest.Community(t, dialect)
	}
	c.app = apptest.Open(t, c.url, tiers)
	return c
}

func contents(a *txtar.Archive) [][]byte {
	var all [][]byte
	for _, f := range a.Files {
		all = append(all, f.Data)
	}
	return all
}

type testCase struct {
	t       *testing.T
	archive *txtar.Archive
	app     *apptest.App
	tiers   servicetest.Tiers
	url     string
	writing bool
}

// directive finds lines such as "# viewer: ann" and "# cold: sql=6 redis=5" in an operation.
var directive = regexp.MustCompile(`(?m)^# (viewer|cold|far|near|alone): (.*)\n`)

// operations returns the names of the files that are operations, in their order.
func (c *testCase) operations() (names []string) {
	for _, f := range c.archive.Files {
		if strings.HasSuffix(f.Name, ".graphql") {
			names = append(names, f.Name)
		}
	}
	return names
}

// caseOperation is a file of a case, ready to be sent.
type caseOperation struct {
	name, query, token string
	variables          json.RawMessage
	stated             map[string]string // the values of its directives
}

func (c *testCase) operation(name string) caseOperation {
	c.t.Helper()
	text, stated := c.file(name), map[string]string{}
	for _, m := range directive.FindAllStringSubmatch(text, -1) {
		stated[m[1]] = m[2]
	}
	o := caseOperation{name: name, query: c.expand(text), stated: stated, variables: json.RawMessage("{}")}
	if v := c.file(strings.TrimSuffix(name, ".graphql") + ".variables"); v != "" {
		o.variables = json.RawMessage(c.expand(v))
	}
	if stated["viewer"] != "" {
		o.token = c.app.Token(c.t, servicetest.ID(stated["viewer"]))
	}
	return o
}

// step runs one operation of a case and compares answer and cost.
func (c *testCase) step(file string) {
	c.t.Helper()
	o, answers := c.operation(file), strings.TrimSuffix(file, ".graphql")+".json"
	cold := c.run(o)
	if *update {
		c.set(answers, cold.answer)
	}
	c.compare(file+" cold", c.file(answers), cold.answer)
	costs := map[string]string{}
	if !c.tiers.Far { // there, what a step of before has read costs a round trip more
		costs["cold"] = cold.cost
	}
	if !c.writing {
		warm := c.run(o)
		c.compare(file+" warm", c.file(answers), warm.answer)
		costs[map[bool]string{true: "far", false: "near"}[c.tiers.Far]] = warm.cost
	}
	c.costs(file, o.stated, costs)
}

// costs compares what the step took with what it states: cold, warm in the far tier alone, and warm in the near tier.
// Without Redis there are no round trips; a write then has no outbox either, so its cost is stated apart, as alone.
func (c *testCase) costs(file string, stated, costs map[string]string) {
	c.t.Helper()
	for when, got := range costs {
		want := stated[when]
		if !c.tiers.Redis {
			if c.writing {
				want, when = stated["alone"], "alone"
			} else {
				want, _, _ = strings.Cut(want, " ")
			}
			got, _, _ = strings.Cut(got, " ")
		}
		switch {
		case got == want:
		case *update && (c.tiers.Redis || c.writing):
			line, old := "# "+when+": "+got+"\n", regexp.MustCompile(`(?m)^# `+when+`: .*\n`)
			c.set(file, line+old.ReplaceAllString(c.file(file), ""))
		default:
			c.t.Errorf("%s %s with %+v: cost %q, stated %q", file, when, c.tiers, got, want)
		}
	}
}

type outcome struct {
	answer, cost string
	report       record.Report
}

func (c *testCase) run(o caseOperation) outcome {
	c.t.Helper()
	r, err := c.app.Do(c.t.Context(), o.query, o.variables, o.token)
	testkit.Must(c.t, err)
	e := r.Extensions.Explain
	for _, l := range e.Loaders {
		if l.Timer != 0 {
			c.t.Errorf("%s: %d batches of the loader %s were sent by its timer: look-ahead does not know the field", o.name, l.Timer, l.Name)
		}
	}
	c.app.Cache.Settle()
	var answer bytes.Buffer
	raw, err := json.Marshal(map[string]any{"data": r.Data, "errors": r.Errors})
	testkit.Must(c.t, err)
	testkit.Must(c.t, json.Indent(&answer, raw, "", "  "))
	return outcome{c.collapse(answer.String()), fmt.Sprintf("sql=%d redis=%d", e.SQL.Statements, e.Redis.RoundTrips), e}
}

func (c *testCase) compare(what, want, got string) {
	c.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("%s with %+v (-want +got):\n%s", what, c.tiers, diff)
	}
}

func (c *testCase) file(name string) string {
	for _, f := range c.archive.Files {
		if f.Name == name {
			return strings.TrimSuffix(string(f.Data), "\n")
		}
	}
	return ""
}

func (c *testCase) set(name, text string) {
	for i, f := range c.archive.Files {
		if f.Name == name {
			c.archive.Files[i].Data = []byte(text + "\n")
			return
		}
	}
	c.archive.Files = append(c.archive.Files, txtar.File{Name: name, Data: []byte(text + "\n")})
}

var (
	unknownID    = regexp.MustCompile(`"[A-Za-z0-9_-]{23}"`)
	unknownToken = regexp.MustCompile(`"[A-Za-z0-9_-]{43}"`)
	moments      = regexp.MustCompile(`"(20\d\d-\d\d-\d\dT[^"]*)"`)
)

// expand puts identifiers in the place of names such as {doc01}.
func (c *testCase) expand(text string) string {
	for name, id := range servicetest.Names() {
		text = strings.ReplaceAll(text, "{"+name+"}", id.String())
	}
	return text
}

// collapse puts names in the place of identifiers, and words in the place of what differs from run to run.
func (c *testCase) collapse(text string) string {
	for name, id := range servicetest.Names() {
		text = strings.ReplaceAll(text, `"`+id.String()+`"`, `"{`+name+`}"`)
	}
	text = unknownToken.ReplaceAllString(unknownID.ReplaceAllString(text, `"<id>"`), `"<token>"`)
	return moments.ReplaceAllStringFunc(text, func(quoted string) string {
		at, err := time.Parse(time.RFC3339, strings.Trim(quoted, `"`))
		if err == nil && at.After(servicetest.Base.AddDate(0, 6, 0)) {
			return `"<recent>"`
		}
		return quoted
	})
}
