//go:build generate

// The programs that write code are tools of this module: the tool block of go.mod names them, go.sum pins them, and
// `go tool NAME` runs them, so that nobody installs anything and everybody gets the same output. Blank imports, as
// they were needed here before Go had that block, would name the same programs a second time and can fall behind it.
//
// What is left for this file is to say what they do for the whole module: ent writes from ent/schema (see
// ent/generate.go), and after it gqlgen writes from graph/schema and from ent's types. `make generate` keeps the order.
// The build constraint is the one that go generate sets, so the file takes no part in any build.
package main

//go:generate go tool gqlgen generate
