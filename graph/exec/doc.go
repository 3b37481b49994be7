// Package exec executes GraphQL operations breadth-first: it resolves each selected field once for all objects of its level,
// instead of once for each object.
//
// An operation is compiled into a [Plan]: for each object type the merged selections, in the order of the answer. A plan runs
// level by level. Fields that are read from a struct are encoded without being resolved first. Fields that need a look-up are
// edges: an [Edge] asks the loaders of the operation for everything that its field needs, for all objects at once, and
// continues when they have answered. All loads of a level run together, so that a batch is complete before it starts; no
// timer and no look-ahead in resolvers is involved. The answer is then encoded in one pass into one buffer.
//
// The package works with gqlgen: gqlgen parses and validates, its generated code converts arguments and calls resolvers, and
// its runtime executes the operations that no plan is made for. Package gen generates the tables of a schema. The answers of
// both runtimes are equal, byte for byte.
package exec
