// Package wiring_test reads the source of the graph and fails by name for what a change has forgotten: an edge that is not declared, and an
// input field that nothing reads or that no service gets.
package wiring_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"docsquare/internal/testkit"
)

const root = "../../../"

// parsed returns the files of a folder, without tests.
func parsed(t *testing.T, folder string) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	testkit.Must(t, err)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		testkit.Must(t, err)
		files = append(files, file)
	}
	return files
}

// each calls a function for every node of a type in a tree.
func each[N ast.Node](tree ast.Node, call func(N)) {
	ast.Inspect(tree, func(n ast.Node) bool {
		if found, ok := n.(N); ok {
			call(found)
		}
		return true
	})
}

// structs returns the exported fields of the struct types in files.
func structs(files []*ast.File) map[string][]string {
	all := map[string][]string{}
	for _, file := range files {
		each(file, func(spec *ast.TypeSpec) {
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return
			}
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					if name.IsExported() {
						all[spec.Name.Name] = append(all[spec.Name.Name], name.Name)
					}
				}
			}
		})
	}
	return all
}

// qualified returns the package and the name of a type such as model.LoginInput or *model.DocumentFilter.
func qualified(e ast.Expr) (pkg, name string, ok bool) {
	if star, is := e.(*ast.StarExpr); is {
		e = star.X
	}
	s, is := e.(*ast.SelectorExpr)
	if !is {
		return "", "", false
	}
	x, is := s.X.(*ast.Ident)
	if !is {
		return "", "", false
	}
	return x.Name, s.Sel.Name, true
}
