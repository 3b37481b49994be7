//go:build race

package loader_test

// raced reports whether the race detector is on. It lets pools drop a quarter of what they are given.
const raced = true
