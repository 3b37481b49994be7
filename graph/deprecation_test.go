package graph_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// dated is how the reason of a deprecation begins: with the date from which on the element is deprecated. After it comes what to use instead.
var dated = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}): \S`)

// undated returns the deprecated elements of a schema whose reason has no date.
func undated(schema *ast.Schema) (names []string) {
	check := func(name string, all ast.DirectiveList) {
		d := all.ForName("deprecated")
		if d == nil {
			return
		}
		reason := ""
		if a := d.Arguments.ForName("reason"); a != nil {
			reason = a.Value.Raw
		}
		found := dated.FindStringSubmatch(reason)
		if found == nil {
			names = append(names, name)
		} else if _, err := time.Parse(time.DateOnly, found[1]); err != nil {
			names = append(names, name)
		}
	}
	for _, def := range schema.Types {
		for _, f := range def.Fields {
			check(def.Name+"."+f.Name, f.Directives)
			for _, a := range f.Arguments {
				check(fmt.Sprintf("%s.%s(%s:)", def.Name, f.Name, a.Name), a.Directives)
			}
		}
		for _, v := range def.EnumValues {
			check(def.Name+"."+v.Name, v.Directives)
		}
	}
	slices.Sort(names)
	return names
}

// TestDeprecationsAreDated requires a date in the reason of each deprecation, by the policy in docs/graphql.md.
func TestDeprecationsAreDated(t *testing.T) {
	for _, name := range undated(present(t)) {
		t.Errorf(`%s: write the reason as "2026-12-01: use title."`, name)
	}
	sample := parse(t, `
		type Query {
			good: Int @deprecated(reason: "2026-12-01: use better.")
			plain: Int @deprecated
			late(a: Int @deprecated(reason: "use b."), b: Int): Int @deprecated(reason: "use better, 2026-12-01")
			better(kind: Kind, in: In): Int
		}
		enum Kind { OLD @deprecated(reason: "2026-13-01: use NEW.") NEW }
		input In { old: Int @deprecated(reason: "2026-12-01:") new: Int }`)
	if got, want := undated(sample), []string{"In.old", "Kind.OLD", "Query.late", "Query.late(a:)", "Query.plain"}; !slices.Equal(got, want) {
		t.Errorf("found are %q, want %q", got, want)
	}
}
