package extract

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
)

// partReader takes what it wants of the tokens of one part of a DOCX.
type partReader interface {
	start(name string)
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
	metered := newMeter(ctx, stream, left, x.limits.Unpacked)
	decoder := xml.NewDecoder(metered)
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
			to.start(token.Name.Local)
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

// broken keeps what the meter said, and calls everything else damage.
func broken(err error) error {
	for _, kept := range []error{ErrBomb, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kept) {
			return err
		}
	}
	return fault(ErrDamaged, "its text cannot be read; open it, save it again and upload the new copy")
}
