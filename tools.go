//go:build generate

// The programs that write code are pinned by go.mod and go.sum, so that they need no installation and everybody gets the same
// output. The tool block of go.mod names ent's. Gqlgen is a library here: the command graph/exec/gen/cmd/gqlgen runs it
// with a plugin of this module, which writes the tables of package graph/exec.
//
// This file has the generators of the module: ent writes from ent/schema (see ent/generate.go), and after it gqlgen
// writes from graph/schema and from ent's types. `make generate` keeps the order.
// The build constraint is the one that go generate sets, so the file takes no part in any build.
package main

//go:generate go run ./graph/exec/gen/cmd/gqlgen
