package graph

import (
	"docsquare/graph/model"
	"docsquare/internal/admin"
)

// targetOf is what a client wants to be invalid.
func targetOf(input model.InvalidateCacheInput) (t admin.Target, err error) {
	if input.Kind != nil {
		t.Kind = *input.Kind
	}
	if input.Tag != nil {
		t.Tag = *input.Tag
	}
	if input.NodeID != nil {
		t.Node, err = *input.NodeID, malformed(*input.NodeID, "nodeId")
	}
	t.Everything = input.Everything != nil && *input.Everything
	return t, err
}
