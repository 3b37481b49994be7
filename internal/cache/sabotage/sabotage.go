//go:build !chaos

// Package sabotage breaks rules of the server on purpose, to show that the campaign of faults notices. It does so only in builds
// with the tag chaos.
package sabotage

// Has reports whether the process is to break a rule. In this build it never does.
func Has(Rule) bool { return false }
