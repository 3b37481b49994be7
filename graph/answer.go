package graph

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/google/uuid"

	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/graph/request"
	"docsquare/graph/transport"
	"docsquare/internal/cache/sabotage"
	"docsquare/internal/kinds"
	"docsquare/internal/telemetry/record"
	"docsquare/internal/viewer"
)

// keptAnswer is an answer with the record of its operation for observers.
//
// One that is not shared is for one viewer. A shared one is for all viewers but the excepted accounts: it is the answer to a guest,
// who has marked nothing, and for an account the marks are filled in.
type keptAnswer struct {
	whole     *transport.Answer
	shared    bool
	marks     []mark // in the order of their positions
	except    []uuid.UUID
	operation record.Operation
	trusted   request.Trusted // nil if it is none
}

// mark is where the body has unmarked, to be replaced if the viewer has marked the subject, which is a document or a comment.
type mark struct {
	at      int
	sets    *loader.Definition[uuid.UUID, *kinds.MarkSet]
	subject uuid.UUID
}

// How an answer encodes whether a document is marked.
const (
	unmarked = "false"
	marked   = "true"
)

// shareable returns a shared answer from the body of the answer to one viewer, the marks in its data, and the excepted accounts.
func shareable(body []byte, marks []operation.Mark, except []uuid.UUID) *keptAnswer {
	a := &keptAnswer{shared: true, except: except, marks: make([]mark, len(marks))}
	guest, from := make([]byte, 0, len(body)+len(marks)), 0
	for i, m := range marks {
		guest = append(guest, body[from:transport.DataOffset+m.From]...)
		a.marks[i] = mark{len(guest), m.Sets, m.Subject}
		guest, from = append(guest, unmarked...), transport.DataOffset+m.To
	}
	guest = append(guest, body[from:]...)
	a.whole = transport.NewAnswer(guest, etagOf(guest))
	return a
}

// to returns the answer to a viewer. It returns false if the viewer is excepted, or if the near tier does not know what the viewer
// has marked.
func (a *keptAnswer) to(ctx context.Context, c *kinds.Cache, v viewer.Viewer) (*transport.Answer, bool) {
	switch {
	case v.Guest() || !a.shared || sabotage.Has(sabotage.MissingViewer):
		return a.whole, true
	case slices.Contains(a.except, v.UserID):
		return nil, false
	}
	body, ok := a.filled(ctx, c, v.UserID)
	switch {
	case !ok:
		return nil, false
	case body == nil:
		return a.whole.Untagged(), true
	}
	return transport.NewAnswer(body, ""), true
}

// filled returns the body with the marks of an account, nil if it has marked none of the subjects.
func (a *keptAnswer) filled(ctx context.Context, c *kinds.Cache, user uuid.UUID) (body []byte, ok bool) {
	known, from := knownSets{}, 0
	for _, m := range a.marks {
		has, ok := known.has(ctx, c, user, m)
		if !ok {
			return nil, false
		}
		if !has {
			continue
		}
		if body == nil {
			body = make([]byte, 0, len(a.whole.Body))
		}
		body = append(append(body, a.whole.Body[from:m.at]...), marked...)
		from = m.at + len(unmarked)
	}
	if body != nil {
		body = append(body, a.whole.Body[from:]...)
	}
	return body, true
}

// knownSets are the sets of an account that were looked up for one answer: one for each edge of the type toMark.
type knownSets [3]struct {
	of  *loader.Definition[uuid.UUID, *kinds.MarkSet]
	set *kinds.MarkSet
}

// has reports whether an account has marked the subject of m. ok is false if that is not in the near tier.
func (k *knownSets) has(ctx context.Context, c *kinds.Cache, user uuid.UUID, m mark) (has, ok bool) {
	for i := range k {
		at := &k[i]
		if at.of == nil {
			if at.set, ok = m.sets.Near(ctx, c, user); !ok {
				return false, false
			}
			at.of = m.sets
		}
		if at.of == m.sets {
			return at.set.Has(m.subject)
		}
	}
	return false, false
}

// etagOf returns the entity tag of an answer, which is the same on every instance.
func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}
