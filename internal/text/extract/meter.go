package extract

import (
	"bufio"
	"context"
	"io"
)

// maxToken is how many bytes of XML one tag, text or comment may have. The decoder holds a token as a whole, and one tag
// of many attributes takes more than ten times its size.
const maxToken = 1 << 20

// meter counts what is really read, whatever the headers say, and fails as soon as it is too much or too late. It is an
// io.ByteReader, so that the decoder reads no further than its token.
type meter struct {
	from  *bufio.Reader
	left  *int64 // bytes that may still be unpacked, shared by the parts of a file
	token int    // bytes since the last token
	limit int64  // what left began with, for the message
}

func newMeter(from io.Reader, left *int64, limit int64) *meter {
	return &meter{from: bufio.NewReader(from), left: left, limit: limit}
}

// ReadByte reads one byte. Its error is ErrBomb where that is one too many, and the context's where it has ended.
func (m *meter) ReadByte() (byte, error) {
	b, err := m.from.ReadByte()
	if err != nil {
		return 0, err
	}
	*m.left--
	if *m.left < 0 {
		return 0, fault(ErrBomb, "it is larger than %d MiB inside; remove what is not needed or split it", m.limit>>20)
	}
	m.token++
	if m.token > maxToken {
		return 0, fault(ErrBomb, "one piece of it is larger than %d KiB; save it again with another program", maxToken>>10)
	}
	return b, nil
}

// Read is there because the decoder asks for an io.Reader; it reads one byte.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// timely is a reader that ends with its context.
type timely struct {
	ctx  context.Context
	from io.Reader
}

func (t timely) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	return t.from.Read(p)
}
