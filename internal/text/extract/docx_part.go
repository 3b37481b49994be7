package extract

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// partReader takes what it wants of the tokens of one part of a DOCX.
type partReader interface {
	start(e xml.StartElement)
	end(name string)
	text(text string)
	done() bool // whether it has enough
}

// part reads one part of a DOCX, token by token. The memory that it takes does not grow with the size of the part.
func (x *Extractor) part(ctx context.Context, file *zip.File, left *int64, to partReader) error {
	if file.Flags&1 != 0 {
		return fault(ErrEncrypted, "save it without a password")
	}
	stream, err := file.Open()
	if err != nil {
		return broken(err)
	}
	defer func() { _ = stream.Close() }()
	metered := newMeter(decoded(timely{ctx: ctx, from: stream}), left, x.limits.Unpacked)
	decoder := xml.NewDecoder(metered)
	decoder.CharsetReader = sameCharset
	depth := 0
	for !to.done() {
		token, err := decoder.Token()
		metered.token = 0
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			if depth > x.limits.Depth {
				return fault(ErrBomb, "its parts are nested more than %d deep; save it again in a simpler form", x.limits.Depth)
			}
			to.start(token)
		case xml.EndElement:
			depth--
			to.end(token.Name.Local)
		case xml.CharData:
			to.text(string(token))
		case xml.Directive:
			return fault(ErrDamaged, "it declares a document type, which Word never does; save it again as .docx")
		}
	}
	return nil
}

// decoded is a part in UTF-8. Parts may be in UTF-16 too (ECMA-376, part 2, section 8.1.4).
func decoded(part io.Reader) io.Reader {
	from := bufio.NewReader(part)
	head, _ := from.Peek(3) // the decoder finds out why it is too short
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("<\x00")):
		return transform.NewReader(from, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00<")):
		return transform.NewReader(from, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = from.Discard(len(head)) // they were read
	}
	return from
}

// sameCharset takes the names of the encodings that decoded has read.
func sameCharset(label string, from io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf-16", "utf-16le", "utf-16be":
		return from, nil
	}
	return nil, errors.New("extract: parts are in UTF-8 or UTF-16")
}

// broken keeps what the meter said, and calls everything else damage.
func broken(err error) error {
	for _, kept := range []error{ErrBomb, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kept) {
			return err
		}
	}
	return fault(ErrDamaged, "its text cannot be read; open it, save it again and upload the new copy")
}
