// Package model holds the inputs, payloads and connections of the graph, generated from its schema. Entities are those of ent.
package model
