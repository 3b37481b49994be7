package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/trusted"
	"docsquare/internal/errs"
	"docsquare/internal/explain"
)

// maxName is how many bytes of the name of an operation anybody is told.
const maxName = 64

// observe tells the operator of an operation that has ended: each of them in numbers, and a slow one in words.
func (o Options) observe(ctx context.Context, response *graphql.Response) {
	record := explain.From(ctx)
	if record == nil {
		return
	}
	seen := explain.Operation{Began: record.Started(), Took: time.Since(record.Started()), Record: record}
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx); op.Operation != nil {
			seen.Name, seen.Type = op.Operation.Name, string(op.Operation.Operation)
			seen.Name = seen.Name[:min(len(seen.Name), maxName)]
			_, seen.Known = trusted.Of(ctx)
		}
	}
	if response != nil {
		for _, e := range response.Errors {
			code, ok := e.Extensions["code"]
			if !ok {
				code = errs.Internal
			}
			seen.Codes = append(seen.Codes, fmt.Sprint(code))
		}
	}
	for _, observe := range o.Observers {
		observe(ctx, seen)
	}
	if o.Slow > 0 && seen.Took >= o.Slow {
		report, _ := json.Marshal(record.Report()) // plain numbers and texts always encode
		o.Log.WarnContext(ctx, "a slow operation", "operation", seen.Name, "type", seen.Type, "took", seen.Took, "codes", seen.Codes, "explain", string(report))
	}
}
