//go:build !race

package loader_test

const raced = false
