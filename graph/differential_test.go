package graph_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/tools/txtar"

	"docsquare/graph"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/querygen"
	"docsquare/internal/testkit/servicetest"
	"docsquare/internal/viewer"
)

var (
	differentialOperations = flag.Int("differential.operations", 500, "how many generated queries both runtimes answer")
	differentialSeed       = flag.Uint64("differential.seed", 1, "the seed of generated operations")
	differentialOnly       = flag.Int("differential.only", -1, "the number of the only generated query to run")
)

// skipped are fields whose values differ from call to call, so that no two runtimes can answer the same, with the reason.
var skipped = map[string]string{
	"Query.cache":                  "counts the requests that it is compared with",
	"InvalidateCachePayload.cache": "as Query.cache",
	"WarmCachePayload.cache":       "as Query.cache",
	"Mutation.uploadFile":          "needs a file, which no variable of a generated operation has",
	"StartUploadPayload.uploadUrl": "has the identifier of a new file inside an address",
	"File.uploadUrl":               "as StartUploadPayload.uploadUrl",
	"Query.__schema":               "is executed by gqlgen in both",
	"Query.__type":                 "is executed by gqlgen in both",
}

// generators generate operations about a community: wild ones have values that are refused, calm ones have few.
type generators struct {
	words      *vocabulary
	wild, calm *querygen.Generator
	writer     map[string]*querygen.Generator // of mutations, by viewer
	highest    *querygen.Generator            // of an administrator
}

func newGenerators(words *vocabulary) *generators {
	generator := func(values func(*rand.Rand, querygen.Argument, *ast.Type) (any, bool), depth, fields int, also string) *querygen.Generator {
		return querygen.New(querygen.Options{
			Schema: graph.Published(), Depth: depth, Fields: fields, Values: values,
			Skip: func(object, field string) bool {
				return skipped[object+"."+field] != "" || object+"."+field == also
			},
		})
	}
	const refused = "Query.auditTrail" // for most viewers
	g := &generators{
		words: words, wild: generator(words.value, 8, 50, ""), calm: generator(words.calmValue, 12, 160, refused), highest: generator(words.calmValue, 12, 160, ""),
		writer: map[string]*querygen.Generator{},
	}
	for _, name := range words.names {
		g.writer[name] = generator(words.writtenValue(name), 7, 16, "")
	}
	return g
}

// operation returns the operation with a number. It depends on the seed and the number alone, but for the identifiers of
// sessions and audit entries, which are new in each run.
func (g *generators) operation(kind ast.Operation, number int) operation {
	r := rand.New(rand.NewPCG(*differentialSeed, uint64(number)))
	name := g.words.names[r.IntN(len(g.words.names))]
	if kind == ast.Mutation && name == "" && r.IntN(3) > 0 { // a guest may do little
		name = "ann"
	}
	by := g.wild
	switch {
	case number%2 == 1:
	case kind == ast.Mutation:
		by = g.writer[name]
	case name == "cy":
		by = g.highest
	default:
		by = g.calm
	}
	return operation{g.words.viewers[name], name, by.Operation(r, kind)}
}

// TestDifferentialCases runs the operations of all cases on both runtimes.
func TestDifferentialCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	testkit.Must(t, err)
	template := newTemplate(t)
	for _, file := range files {
		t.Run(strings.TrimPrefix(strings.TrimSuffix(file, ".txtar"), "testdata/"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			testkit.Must(t, err)
			c := &testCase{t: t, archive: archive}
			both := newRuntimes(template.open(t, servicetest.Tiers{}).Sources, template.open(t, servicetest.Tiers{}).Sources)
			for _, f := range archive.Files {
				if name, ok := strings.CutSuffix(f.Name, ".graphql"); ok {
					both.step(t, c, name, template.words)
				}
			}
		})
	}
}

// step runs one operation of a case twice, unless it writes.
func (r runtimes) step(t *testing.T, c *testCase, name string, words *vocabulary) {
	t.Helper()
	o := operation{}
	for _, m := range directive.FindAllStringSubmatch(c.file(name+".graphql"), -1) {
		if m[1] == "viewer" {
			o.name, o.viewer = m[2], words.viewers[m[2]]
		}
	}
	o.Query = c.expand(c.file(name + ".graphql"))
	o.Variables = variablesOf(t, c.expand(c.file(name+".variables")))
	times := 2
	if strings.Contains(o.Query, "mutation") {
		times = 1
	}
	for range times {
		want, got := execute(t.Context(), r.gqlgen, o).normalised(), execute(t.Context(), r.breadth, o).normalised()
		if diff := want.diff(got); diff != "" {
			t.Errorf("%s: %s\n%s", name, o, diff)
		}
	}
}

// tallies count what generated operations were answered.
type tallies struct{ data, errors, guests, users, refused, bytes atomic.Int64 }

func (c *tallies) add(v viewer.Viewer, r reply) {
	c.bytes.Add(int64(len(r.data)))
	for at, is := range map[*atomic.Int64]bool{
		&c.data: r.data != "" && r.data != "null", &c.errors: len(r.errors) > 0, &c.guests: v.Guest(), &c.users: !v.Guest(),
		&c.refused: r.data == "" && len(r.errors) > 0,
	} {
		if is {
			at.Add(1)
		}
	}
}

func (c *tallies) String() string {
	return fmt.Sprintf("%d with data (%d bytes in all), %d with errors, %d of them refused before they run; %d by guests, %d by accounts",
		c.data.Load(), c.bytes.Load(), c.errors.Load(), c.refused.Load(), c.guests.Load(), c.users.Load())
}

// TestDifferentialQueries runs generated queries on both runtimes over one database: with a near tier that the breadth-first
// executor finds warm or cold, and without a cache.
func TestDifferentialQueries(t *testing.T) {
	template := newTemplate(t)
	warm, bare := template.shared(t, servicetest.Tiers{}), template.shared(t, servicetest.Tiers{Far: true})
	compareQueries(t, template.words, *differentialOperations, newRuntimes(warm.Sources, warm.Sources), newRuntimes(bare.Sources, bare.Sources))
}

// TestDifferentialRedis does the same with Redis.
func TestDifferentialRedis(t *testing.T) {
	template := newTemplate(t)
	far, both := template.shared(t, servicetest.Tiers{Redis: true, Far: true}), template.shared(t, servicetest.Tiers{Redis: true})
	compareQueries(t, template.words, *differentialOperations/5, newRuntimes(far.Sources, far.Sources), newRuntimes(far.Sources, both.Sources))
}

// compareQueries runs generated queries on each of the runtimes in turn.
func compareQueries(t *testing.T, words *vocabulary, n int, on ...runtimes) {
	t.Helper()
	began, g, counts := time.Now(), newGenerators(words), &tallies{}
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for number := range numbers {
				o := g.operation(ast.Query, number)
				what := fmt.Sprintf("-differential.seed=%d -differential.only=%d", *differentialSeed, number)
				counts.add(o.viewer, on[number/2%len(on)].compare(t, what, o))
			}
		})
	}
	for number := range n {
		if *differentialOnly < 0 || *differentialOnly == number {
			numbers <- number
		}
	}
	close(numbers)
	workers.Wait()
	t.Logf("%d queries with seed %d in %s: %s", n, *differentialSeed, time.Since(began).Round(time.Millisecond), counts)
}
