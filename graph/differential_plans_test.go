package graph_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"docsquare/internal/testkit"
	"docsquare/internal/testkit/servicetest"
)

// wholeFields returns an operation for each root field of the whole graph.
func wholeFields(t *testing.T) (queries []string) {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: wholeGraph})
	testkit.Must(t, err)
	set := doc.Operations[0].SelectionSet
	starts := make([]int, 0, len(set)+1)
	for _, s := range set {
		starts = append(starts, s.GetPosition().Start)
	}
	end := strings.Index(wholeGraph, "\n}\n")
	starts = append(starts, end)
	fragments := wholeGraph[end+len("\n}\n"):]
	for i, from := range starts[:len(set)] {
		to := starts[i+1]
		head := "query One "
		if i == 0 {
			head = "query One($ids: [ID!]!) "
		}
		queries = append(queries, head+"{ "+wholeGraph[from:to]+" }\n"+usedFragments(fragments, wholeGraph[from:to]))
	}
	return queries
}

// usedFragments returns the lines of fragments, one each, that a text spreads, and those that they spread.
func usedFragments(fragments, text string) string {
	var kept []string
	for again := true; again; {
		again = false
		for line := range strings.Lines(fragments) {
			name := strings.Fields(line)[1]
			if !slices.Contains(kept, line) && strings.Contains(text+strings.Join(kept, ""), "..."+name+" ") {
				kept, again = append(kept, line), true
			}
		}
	}
	return strings.Join(kept, "")
}

// conditional returns generated queries whose selections depend on Boolean variables.
func conditional(g *generators, n int) (list []operation) {
	for number := 0; len(list) < n; number += 2 {
		o := g.operation(ast.Query, number)
		if len(booleans(o)) > 0 && strings.Contains(o.Query, "(if: $") {
			list = append(list, o)
		}
	}
	return list
}

// booleans returns the names of the Boolean variables of an operation, which has values for all of them.
func booleans(o operation) (names []string) {
	for name, value := range o.Variables {
		if _, ok := value.(bool); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestDifferentialVariables runs the same documents with different values of their Boolean variables, so that a plan of one
// must not answer another.
func TestDifferentialVariables(t *testing.T) {
	template := newTemplate(t)
	app := template.shared(t, servicetest.Tiers{})
	both := newRuntimes(app.Sources, app.Sources)
	for i, o := range conditional(newGenerators(template.words), *differentialOperations/10) {
		r := rand.New(rand.NewPCG(*differentialSeed, uint64(i)))
		for range 6 {
			for _, name := range booleans(o) {
				o.Variables[name] = r.IntN(2) == 0
			}
			both.compare(t, fmt.Sprintf("-differential.seed=%d, conditional query %d", *differentialSeed, i), o)
		}
	}
}

// TestDifferentialConcurrent runs each operation on several goroutines at once, and an operation with other variables at the same time.
func TestDifferentialConcurrent(t *testing.T) {
	template := newTemplate(t)
	app := template.shared(t, servicetest.Tiers{})
	both := newRuntimes(app.Sources, app.Sources)
	operations := conditional(newGenerators(template.words), *differentialOperations/20)
	for _, name := range template.words.names {
		operations = append(operations, wholeOf(template.words, name))
	}
	for _, o := range operations {
		want := execute(t.Context(), both.gqlgen, o)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if diff := want.diff(execute(t.Context(), both.breadth, o)); diff != "" {
					t.Errorf("%s\n%s", o, diff)
				}
			})
		}
		all.Wait()
	}
}
