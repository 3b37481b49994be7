package upload

import (
	"cmp"
	"context"
	"io"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/text/textfile"
	"docsquare/internal/viewer"
)

// Open opens the content of a stored file for reading, from wherever one seeks to. It is blind to the viewer. Close it at
// the end.
func (s *Service) Open(ctx context.Context, f *ent.File) (io.ReadSeekCloser, error) {
	b, err := s.store.DB.File.Query().Where(file.ID(f.ID)).QueryBlob().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, missing()
	}
	if err != nil {
		return nil, err
	}
	return newReader(ctx, s.bucket, b.Key, b.Size)
}

// Content is what a document is made of.
type Content struct {
	File   uuid.UUID
	Title  string // one that the content, or else the name of the file, gives
	Body   string // without front matter
	Format document.Format

	// Values of the front matter; nil if it has none.
	Summary  *string
	Category *string
	Tags     []string
}

// maxText is how large the file of a text may be, in bytes, as some of them may be line ends of two: the document has the
// last word.
const maxText = 2 * plaintext.MaxText

// Content reads a stored file of the viewer's for a document. It returns NOT_FOUND for any other file, and BAD_USER_INPUT for
// one that is not stored or of which no document is made.
func (s *Service) Content(ctx context.Context, v viewer.Viewer, id uuid.UUID) (Content, error) {
	f, err := s.Upload(ctx, v, id)
	if err != nil {
		return Content{}, err
	}
	if f.Status != file.StatusStored {
		return Content{}, errs.BadInput("fileId", "the file is %s: only a stored file becomes a document", f.Status)
	}
	b, err := f.QueryBlob().Only(ctx)
	if err != nil {
		return Content{}, err
	}
	c := Content{File: f.ID, Title: b.Title, Body: b.Text}
	switch f.ContentType {
	case PDF:
		c.Format = document.FormatPDF
	case DOCX:
		c.Format = document.FormatDOCX
	case Markdown, Text:
		if c.Format = document.FormatTXT; f.ContentType == Markdown {
			c.Format = document.FormatMD
		}
		if b.Size > maxText {
			return Content{}, errs.BadInput("fileId", "the text of a document may have up to %d bytes, but the file has %d: split it", plaintext.MaxText, b.Size)
		}
		raw, err := s.load(ctx, b.Key, b.Size)
		if err != nil {
			return Content{}, err
		}
		return written(c, f.Name, raw)
	default:
		return Content{}, errs.BadInput("fileId", "Unsupported file type %s. Use Markdown, plain text, PDF or DOCX.", f.ContentType)
	}
	c.Title = cmp.Or(plaintext.Line(c.Title, plaintext.MaxTitle), markdown.Describe(c.Format, c.Body).Title(plaintext.MaxTitle, strings.TrimSuffix(f.Name, path.Ext(f.Name)), f.Name))
	return c, nil
}

// written reads a content that somebody has written as text.
func written(c Content, name string, raw []byte) (Content, error) {
	d, err := textfile.Read(name, c.Format, raw, time.Now())
	if err != nil {
		return Content{}, errs.BadInput("fileId", "the file cannot be read: %v", err)
	}
	c.Title, c.Summary, c.Body, c.Tags = cmp.Or(d.Title, name), d.Summary, d.Body, d.Tags
	if d.Category != "" {
		c.Category = &d.Category
	}
	return c, nil
}
