// Package goclient is a Go client of the API as genqlient generates it, for the tests: what a developer gets who generates code from the schema.
package goclient
