package kinds

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// MarkSet is the set of documents that an account likes, or of its favorites.
type MarkSet struct {
	Documents []uuid.UUID // the newest MaxMarks, in ascending order
	Partial   bool        // whether the account has marked more
}

// MaxMarks is how many documents a MarkSet has when it is loaded. Each takes 17 bytes in Redis. A set that is updated by writes
// may grow to twice as many.
const MaxMarks = 1000

// NewMarkSet returns the set of an account from its newest marks, of which up to MaxMarks+1 are given.
func NewMarkSet(documents []uuid.UUID) *MarkSet {
	partial := len(documents) > MaxMarks
	if partial {
		documents = documents[:MaxMarks]
	}
	slices.SortFunc(documents, compareIDs)
	return &MarkSet{Documents: documents, Partial: partial}
}

// Has reports whether the account has marked a document. For a document outside a partial set it is not known.
func (m *MarkSet) Has(document uuid.UUID) (marked, known bool) {
	_, marked = slices.BinarySearchFunc(m.Documents, document, compareIDs)
	return marked, marked || !m.Partial
}

// With returns the set with the document marked or not. It returns false if that set would be too large to keep.
func (m *MarkSet) With(document uuid.UUID, marked bool) (*MarkSet, bool) {
	at, found := slices.BinarySearchFunc(m.Documents, document, compareIDs)
	switch {
	case found == marked:
		return m, true
	case found:
		return &MarkSet{slices.Concat(m.Documents[:at], m.Documents[at+1:]), m.Partial}, true
	case len(m.Documents) >= 2*MaxMarks:
		return nil, false
	}
	return &MarkSet{slices.Concat(m.Documents[:at], []uuid.UUID{document}, m.Documents[at:]), m.Partial}, true
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
