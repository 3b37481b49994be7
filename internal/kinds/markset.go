package kinds

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// MarkSet is the set of documents that an account likes, of its favorites, or of comments that it likes.
type MarkSet struct {
	IDs     []uuid.UUID // the newest MaxMarks, in ascending order
	Partial bool        // whether the account has marked more
}

// MaxMarks is how many identifiers a MarkSet has when it is loaded. Each takes 17 bytes in Redis. A set that is updated by writes
// may grow to twice as many.
const MaxMarks = 1000

// NewMarkSet returns the set of an account from its newest marks, of which up to MaxMarks+1 are given.
func NewMarkSet(ids []uuid.UUID) *MarkSet {
	partial := len(ids) > MaxMarks
	if partial {
		ids = ids[:MaxMarks]
	}
	slices.SortFunc(ids, compareIDs)
	return &MarkSet{IDs: ids, Partial: partial}
}

// Has reports whether the account has marked a document or comment. For one outside a partial set it is not known.
func (m *MarkSet) Has(subject uuid.UUID) (marked, known bool) {
	_, marked = slices.BinarySearchFunc(m.IDs, subject, compareIDs)
	return marked, marked || !m.Partial
}

// With returns the set with the subject marked or not. It returns false if that set would be too large to keep.
func (m *MarkSet) With(subject uuid.UUID, marked bool) (*MarkSet, bool) {
	at, found := slices.BinarySearchFunc(m.IDs, subject, compareIDs)
	switch {
	case found == marked:
		return m, true
	case found:
		return &MarkSet{slices.Concat(m.IDs[:at], m.IDs[at+1:]), m.Partial}, true
	case len(m.IDs) >= 2*MaxMarks:
		return nil, false
	}
	return &MarkSet{slices.Concat(m.IDs[:at], []uuid.UUID{subject}, m.IDs[at:]), m.Partial}, true
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
