package exec_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/exec"
)

// remains returns where a value holds something of an operation: a pointer, a string, a map or a function, in slices up to their
// capacity.
func remains(v reflect.Value, path string) []string {
	if len(path) > 200 { // in a cycle
		return []string{path}
	}
	switch v.Kind() {
	case reflect.Struct:
		var found []string
		for i := range v.NumField() {
			found = append(found, remains(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
		return found
	case reflect.Slice:
		var found []string
		for i := range v.Cap() {
			found = append(found, remains(v.Slice(0, v.Cap()).Index(i), fmt.Sprintf("%s[%d]", path, i))...)
		}
		return found
	case reflect.Interface, reflect.Pointer:
		switch {
		case v.IsNil() || v.Kind() == reflect.Pointer && exec.Shared(reflect.New(v.Type().Elem()).Elem().Interface()):
			return nil
		case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() != reflect.Struct || v.Elem().Type().Size() == 0:
			return []string{path}
		case v.Kind() == reflect.Pointer && v.Type().Elem().PkgPath() != "docsquare/graph/exec":
			return []string{path + " " + v.Type().String()}
		}
		return remains(v.Elem(), path)
	case reflect.Map, reflect.Func, reflect.Chan, reflect.String:
		if !v.IsZero() {
			return []string{path}
		}
	}
	return nil
}

// TestReleasedRunHoldsNothing checks that a run that a plan keeps holds nothing of the operation, whatever has happened in it.
func TestReleasedRunHoldsNothing(t *testing.T) {
	runs := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		f := newFixture(randomLibrary(r))
		f.faults.at = randomFaults(r)
		op := operations.Operation(r, []ast.Operation{ast.Query, ast.Mutation, ast.Subscription}[seed%3])
		f.compare(t, op.Query, op.Variables)
		runs += exec.Released(f.executor, func(run any) {
			if found := remains(reflect.ValueOf(run).Elem(), ""); found != nil {
				t.Fatalf("seed %d: %v\n%s", seed, found, op.Query)
			}
		})
	}
	if runs < 200 {
		t.Errorf("only %d runs were looked at", runs)
	}
}

// TestPoisonedRun checks that a run does not depend on what the memory of the run before holds.
func TestPoisonedRun(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 3))
		op := operations.Query(r)
		f := newFixture(randomLibrary(r))
		for range 3 {
			f.faults.at = randomFaults(r)
			f.compare(t, op.Query, op.Variables)
			exec.Released(f.executor, exec.Poison)
			if t.Failed() {
				t.Fatalf("seed %d\n%s", seed, op.Query)
			}
		}
	}
}
