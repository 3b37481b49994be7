package graph

import (
	"docsquare/graph/model"
	"docsquare/internal/admin"
)

// targetOf is what a client wants to be invalid.
func targetOf(input model.InvalidateCacheInput) admin.Target {
	var t admin.Target
	if input.Kind != nil {
		t.Kind = *input.Kind
	}
	if input.Tag != nil {
		t.Tag = *input.Tag
	}
	if input.NodeID != nil {
		t.Node = *input.NodeID
	}
	t.Everything = input.Everything != nil && *input.Everything
	return t
}
