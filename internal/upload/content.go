package upload

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"docsquare/ent"
	"docsquare/internal/errs"
)

// The media types that documents are made of.
const (
	Markdown = "text/markdown"
	Text     = "text/plain"
	PDF      = "application/pdf"
	DOCX     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// taken is the types of content that are kept, in addition to text. Content of unknown type is kept as opaque bytes.
var taken = map[string]bool{PDF: true, DOCX: true, "image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, unknownType: true}

// aliases are names of types that browsers and old programs announce, for the types that they mean.
var aliases = map[string]string{
	"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/jfif": "image/jpeg", "image/x-png": "image/png", "image/apng": "image/png",
	"application/zip": DOCX, "application/x-zip": DOCX, "application/x-zip-compressed": DOCX, "application/msword": DOCX, "application/vnd.ms-word": DOCX,
	"application/x-pdf": PDF, "application/acrobat": PDF, "text/pdf": PDF, "text/x-markdown": Markdown, "application/x-markdown": Markdown,
	"binary/octet-stream": unknownType, "application/x-download": unknownType, "application/force-download": unknownType,
}

const headSize = 8 << 10 // bytes that show what a content is

// inspection looks at a content as it passes by: its beginning, and whether all of it is text.
type inspection struct {
	head    []byte
	rest    []byte // the bytes of a character that is not complete yet
	notText bool
}

func (x *inspection) Write(p []byte) (int, error) {
	if room := headSize - len(x.head); room > 0 {
		x.head = append(x.head, p[:min(len(p), room)]...)
	}
	if x.notText {
		return len(p), nil
	}
	if bytes.IndexByte(p, 0) >= 0 {
		x.notText = true
		return len(p), nil
	}
	chunk := p
	if len(x.rest) > 0 {
		chunk = slices.Concat(x.rest, p)
	}
	whole := completeRunes(chunk)
	x.notText = !utf8.Valid(chunk[:whole])
	x.rest = append([]byte(nil), chunk[whole:]...)
	return len(p), nil
}

// completeRunes is how many bytes come before a character at the end that is not complete.
func completeRunes(p []byte) int {
	for i := len(p) - 1; i >= max(0, len(p)-utf8.UTFMax); i-- {
		if utf8.RuneStart(p[i]) {
			if utf8.FullRune(p[i:]) {
				return len(p)
			}
			return i
		}
	}
	return len(p)
}

// text reports whether all content so far is text in UTF-8.
func (x *inspection) text() bool { return !x.notText && len(x.rest) == 0 }

// contentType is what a file is by its content, or why it is refused.
func (x *inspection) contentType(f *ent.File) (string, error) {
	found := mimetype.Detect(x.head)
	if x.text() {
		return x.textType(f, found)
	}
	t := mediaType(found.String())
	if t == "application/zip" { // a document whose first parts are large; it is read later
		t = DOCX
	}
	switch {
	case t == Text: // in another encoding than UTF-8
		return x.textType(f, found)
	case !taken[t]:
		return "", refused("the content is of the type %s, which is not taken here: send Markdown, plain text, PDF, DOCX or a picture (PNG, JPEG, GIF, WebP)", t)
	case f.ContentType != unknownType && f.ContentType != t && !found.Is(f.ContentType):
		return "", refused("the file was announced as %s, but its content is %s: announce what it is", f.ContentType, t)
	}
	return t, nil
}

// textType is Markdown if the sender announces it, and otherwise plain text, whatever language the text is written in. What a
// browser would run is refused: a whole HTML page, and SVG. HTML within Markdown is sanitised when it is shown.
func (x *inspection) textType(f *ent.File, found *mimetype.MIME) (string, error) {
	start := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(x.head, []byte("\uFEFF")), " \t\r\n")))
	switch {
	case strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html"):
		return "", refused("the content is an HTML page, which is not taken here: send it as Markdown")
	case found.Is("image/svg+xml") || strings.HasPrefix(start, "<svg") || strings.HasPrefix(start, "<!doctype svg"):
		return "", refused("the content is SVG, which can hold scripts and is not taken here: send the picture as PNG")
	case taken[f.ContentType] && f.ContentType != unknownType:
		return "", refused("the file was announced as %s, but its content is text: announce what it is", f.ContentType)
	}
	extension := strings.ToLower(path.Ext(f.Name))
	if f.ContentType == Markdown || extension == ".md" || extension == ".markdown" {
		return Markdown, nil
	}
	return Text, nil
}

func refused(format string, args ...any) error { return errs.BadInput("file", format, args...) }
