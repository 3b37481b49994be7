package transport

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/graph/request"
	"docsquare/internal/httpserver"
)

// deferName is the directive by which a client asks for an answer in parts.
const deferName = "defer"

// Deferred reports whether an operation asks for an answer in parts.
func Deferred(op *graphql.OperationContext) bool {
	if !strings.Contains(op.RawQuery, deferName) {
		return false
	}
	for _, f := range op.Doc.Fragments {
		if defers(f.SelectionSet) {
			return true
		}
	}
	return defers(op.Operation.SelectionSet)
}

func defers(set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if defers(s.SelectionSet) {
				return true
			}
		case *ast.InlineFragment:
			if s.Directives.ForName(deferName) != nil || defers(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if s.Directives.ForName(deferName) != nil {
				return true
			}
		}
	}
	return false
}

const boundary = "-"

// part is one part of an answer, in the format of August 2022, which is the one that clients know by deferSpec=20220824.
type part struct {
	Incremental []*graphql.Response `json:"incremental"`
	HasNext     bool                `json:"hasNext"`
}

// delivered returns a context whose answers reach the client in this way.
func delivered(ctx context.Context, d request.Delivery) context.Context {
	return request.Derive(ctx, func(r *request.Request) { r.Delivery = d })
}

// parts answers in parts.
func (t HTTP) parts(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, op *graphql.OperationContext) {
	ctx, cancel := context.WithCancel(delivered(r.Context(), request.Parts))
	defer cancel()
	s, err := httpserver.NewStream(w, mediaMixed+`;boundary="`+boundary+`";deferSpec=20220824`, t.Write)
	if err != nil {
		return
	}
	responses, ctx := exec.DispatchOperation(graphql.WithOperationContext(ctx, op), op)
	for first := true; ; first = false {
		response := responses(ctx)
		if response == nil {
			return
		}
		more := response.HasNext != nil && *response.HasNext
		var body []byte
		if first {
			body = encoded(response)
		} else {
			body = encoded(part{[]*graphql.Response{response}, more})
		}
		if s.Send(framed(body, first, more)) != nil || !more {
			return
		}
	}
}

// framed is a part with what parts it from the next, so that a client need not wait for that to begin.
func framed(body []byte, first, more bool) []byte {
	var out bytes.Buffer
	if first {
		out.WriteString("--" + boundary + "\r\n")
	}
	out.WriteString("Content-Type: application/json\r\n\r\n")
	out.Write(body)
	out.WriteString("\r\n--" + boundary)
	if !more {
		out.WriteString("--")
	}
	out.WriteString("\r\n")
	return out.Bytes()
}
