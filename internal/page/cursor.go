package page

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/fnv"

	"github.com/google/uuid"
)

// Cursor is a place in a list: just at the entry with this sort value and identifier. The entry need not exist any more.
type Cursor struct {
	Sort int64
	ID   uuid.UUID
}

const cursorSize = 4 + 8 + 16

var errCursor = errors.New("page: not a cursor of this order")

// Zero reports whether the cursor is unset.
func (c Cursor) Zero() bool { return c == Cursor{} }

// Text is the cursor as clients see it: the mark of its order (4 bytes), the sort value (8) and the identifier (16), in
// unpadded URL-safe base64.
func (c Cursor) Text(order string) string {
	raw := make([]byte, 0, cursorSize)
	raw = binary.BigEndian.AppendUint32(raw, mark(order))
	raw = binary.BigEndian.AppendUint64(raw, uint64(c.Sort)) //nolint:gosec // the bits travel, not the number
	return base64.RawURLEncoding.EncodeToString(append(raw, c.ID[:]...))
}

// Parse reads a cursor of the order. Whatever Text did not write for that order is an error.
func Parse(order, text string) (Cursor, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != cursorSize || len(text) != base64.RawURLEncoding.EncodedLen(cursorSize) || // Strict still skips line breaks
		binary.BigEndian.Uint32(raw) != mark(order) {
		return Cursor{}, errCursor
	}
	c := Cursor{Sort: int64(binary.BigEndian.Uint64(raw[4:])), ID: uuid.UUID(raw[12:])} //nolint:gosec // the bits travel, not the number
	if c.Zero() {
		return Cursor{}, errCursor
	}
	return c, nil
}

// mark distinguishes the cursors of one order from those of another.
func mark(order string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(order))
	return h.Sum32()
}
