package wiring_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// declared returns the edges in the list that the function edges of graph/edges.go declares.
func declared(t *testing.T, files []*ast.File) (names []string) {
	t.Helper()
	for _, file := range files {
		each(file, func(f *ast.FuncDecl) {
			if f.Name.Name != "edges" || f.Recv != nil {
				return
			}
			each(f, func(list *ast.CompositeLit) {
				for _, e := range list.Elts {
					if id, ok := e.(*ast.Ident); ok {
						names = append(names, id.Name)
					}
				}
			})
		})
	}
	if len(names) < 30 {
		t.Fatalf("this finds only the edges %q in graph/edges.go", names)
	}
	return names
}

// variables returns the package variables of files.
func variables(files []*ast.File) (names []string) {
	for _, file := range files {
		for _, d := range file.Decls {
			each(d, func(spec *ast.ValueSpec) {
				for _, name := range spec.Names {
					names = append(names, name.Name)
				}
			})
		}
	}
	return names
}

// TestEveryFieldThatLoadsHasAnEdge fails for a resolver of an object's field that loads by itself, once for each object, and for one whose
// edge the executor does not know. A resolver of a field may compute from its object and the viewer.
func TestEveryFieldThatLoadsHasAnEdge(t *testing.T) {
	files := parsed(t, "graph")
	edges, globals, fields := declared(t, files), variables(files), 0
	for _, file := range files {
		each(file, func(f *ast.FuncDecl) {
			object, ok := resolved(f)
			if !ok {
				return
			}
			fields++
			field := object + "." + f.Name.Name
			each(f.Body, func(s *ast.SelectorExpr) {
				x, ok := s.X.(*ast.Ident)
				switch {
				case !ok:
				case x.Name == "r":
					t.Errorf("the resolver of %s uses r.%s: declare an edge with a loader in graph/edges.go", field, s.Sel.Name)
				case slices.Contains(globals, x.Name) && !slices.Contains(edges, x.Name):
					t.Errorf("the resolver of %s uses %s, which is not in the list of edges in graph/edges.go", field, x.Name)
				}
			})
			each(f.Body, func(call *ast.CallExpr) {
				if s, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Load", "LoadAll", "Fetch", "One", "Ask"}, s.Sel.Name) {
					t.Errorf("the resolver of %s calls %s: declare an edge with a loader in graph/edges.go", field, s.Sel.Name)
				}
			})
		})
	}
	if fields < 40 {
		t.Fatalf("this finds only %d resolvers", fields)
	}
}

// resolved returns the object whose field a method resolves. It returns false for the fields of the root types, which are resolved once.
func resolved(f *ast.FuncDecl) (object string, ok bool) {
	if f.Recv == nil || f.Body == nil || len(f.Recv.List) != 1 {
		return "", false
	}
	star, ok := f.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return "", false
	}
	id, ok := star.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	object, ok = strings.CutSuffix(id.Name, "Resolver")
	if !ok || object == "" || slices.Contains([]string{"query", "mutation", "subscription"}, object) {
		return "", false
	}
	return strings.ToUpper(object[:1]) + object[1:], true
}
