package wiring_test

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// elsewhere are the fields of a service's input that the graph does not set, and where they come from.
var elsewhere = map[string]string{
	"account.Registration.Role": "an account begins as a user; setUserRole changes it",
	"document.Draft.File":       "Draft.From sets it, with what the file gives",
	"document.Draft.Key":        "CreateDocument sets it, as the hash is of the whole input",
	"upload.Announcement.Key":   "UploadFile sets it; an upload that startUpload announces is resumed instead",
}

// input reports whether a type of graph/model is what a client sends.
func input(name string) bool {
	return strings.HasSuffix(name, "Input") || strings.HasSuffix(name, "Filter") || strings.HasSuffix(name, "Order")
}

// inputsOf returns the variables of a function that have an input, by their names: its parameters, and what it reads with arg.
func inputsOf(f *ast.FuncDecl) map[string]string {
	all := map[string]string{}
	for _, p := range f.Type.Params.List {
		if pkg, typ, ok := qualified(p.Type); ok && pkg == "model" && input(typ) {
			for _, name := range p.Names {
				all[name.Name] = typ
			}
		}
	}
	each(f, func(a *ast.AssignStmt) {
		if len(a.Lhs) != 1 || len(a.Rhs) != 1 {
			return
		}
		name, isName := a.Lhs[0].(*ast.Ident)
		call, isCall := a.Rhs[0].(*ast.CallExpr)
		if !isName || !isCall {
			return
		}
		if generic, ok := call.Fun.(*ast.IndexExpr); ok {
			if pkg, typ, ok := qualified(generic.Index); ok && pkg == "model" && input(typ) {
				all[name.Name] = typ
			}
		}
	})
	return all
}

// TestEveryInputFieldIsRead fails for a field of an input that no function of the graph reads: what a client sends there would have no
// effect.
func TestEveryInputFieldIsRead(t *testing.T) {
	read := map[string]bool{}
	for _, file := range parsed(t, "graph") {
		each(file, func(f *ast.FuncDecl) {
			inputs := inputsOf(f)
			each(f, func(s *ast.SelectorExpr) {
				if x, ok := s.X.(*ast.Ident); ok && inputs[x.Name] != "" {
					read[inputs[x.Name]+"."+s.Sel.Name] = true
				}
			})
		})
	}
	all := structs(parsed(t, "graph/model"))
	inputs := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool { return !input(name) })
	if len(inputs) < 20 {
		t.Fatalf("this finds only the inputs %q", inputs)
	}
	for _, name := range inputs {
		for _, field := range all[name] {
			if !read[name+"."+field] {
				t.Errorf("nothing reads the field %s of the input %s: pass it to the service, in graph/*.resolvers.go or graph/translate.go", field, name)
			}
		}
	}
}

// TestEveryDraftIsComplete fails for a field of a service's input, such as document.Draft, that a function which translates a client's
// input does not set.
func TestEveryDraftIsComplete(t *testing.T) {
	fields, drafts := map[string]map[string][]string{}, 0
	for _, file := range parsed(t, "graph") {
		services := servicesOf(file)
		each(file, func(f *ast.FuncDecl) {
			if f.Body == nil || len(inputsOf(f)) == 0 {
				return
			}
			set := assigned(f)
			each(f, func(draft *ast.CompositeLit) {
				pkg, typ, ok := qualified(draft.Type)
				folder := services[pkg]
				if !ok || folder == "" {
					return
				}
				if fields[pkg] == nil {
					fields[pkg] = structs(parsed(t, folder))
				}
				drafts++
				for _, field := range fields[pkg][typ] {
					name := pkg + "." + typ + "." + field
					if !set[field] && !keyed(draft, field) && elsewhere[name] == "" {
						t.Errorf("%s does not set %s: copy it from the input, or say in elsewhere where it comes from", f.Name.Name, name)
					}
				}
			})
		})
	}
	if drafts < 6 {
		t.Fatalf("this finds only %d inputs of services", drafts)
	}
}

// servicesOf returns the folders of the services that a file imports, by the names of their packages.
func servicesOf(file *ast.File) map[string]string {
	all := map[string]string{}
	for _, i := range file.Imports {
		path := strings.Trim(i.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		if folder, ok := strings.CutPrefix(path, "docsquare/"); ok && slices.Contains(
			[]string{"account", "admin", "audit", "document", "editor", "interaction", "square", "upload"}, strings.TrimPrefix(folder, "internal/")) {
			all[name] = folder
		}
	}
	return all
}

// keyed reports whether a literal has a field.
func keyed(draft *ast.CompositeLit, field string) bool {
	return slices.ContainsFunc(draft.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return true // without keys a literal has all fields
		}
		key, ok := pair.Key.(*ast.Ident)
		return ok && key.Name == field
	})
}

// assigned returns the fields that a function assigns to, of whatever variable.
func assigned(f *ast.FuncDecl) map[string]bool {
	all := map[string]bool{}
	each(f, func(a *ast.AssignStmt) {
		for _, to := range a.Lhs {
			if s, ok := to.(*ast.SelectorExpr); ok {
				all[s.Sel.Name] = true
			}
		}
	})
	return all
}
