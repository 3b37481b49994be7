package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/text/charset"
	"docsquare/internal/text/frontmatter"
	"docsquare/internal/text/plaintext"
	"docsquare/internal/text/textfile"
)

// The limits of a file in bytes, which may be in an encoding that takes twice as many as UTF-8, and of its path.
const (
	maxFile = 2 * plaintext.MaxText
	maxPath = 1024
)

// entry is a file that can be imported.
type entry struct {
	path     string // as the file system names it
	id       string // what it is remembered by
	page     source.Page
	sha256   string
	author   author
	draft    document.Draft // without its text while others are read
	at       time.Time
	hidden   string            // why it is not public
	remarks  []string          // what was not understood
	old      *ent.ImportedFile // what an earlier import remembers; nil: nothing
	document uuid.UUID         // that is made of it, or will be
	gone     bool              // the document was deleted
}

// read makes an entry of a file. An error with a code is the reason why the file cannot be imported.
func (r *run) read(ctx context.Context, file string) (e *entry, err error) {
	e = &entry{path: file, page: source.Page{Path: norm.NFC.String(file)}}
	e.id = r.source.ID(e.page.Path)
	if err := r.checkName(e); err != nil {
		return e, err
	}
	data, modified, err := r.data(file)
	if err != nil {
		return e, err
	}
	text, err := charset.Text(data)
	if err != nil {
		return e, failure("%v", err)
	}
	format, _ := textfile.FormatOf(file) // walk has looked
	d, err := textfile.Parse(e.page.Path, format, r.source.Text(e.page.Path, text), r.source.Defaults(e.page.Path), r.now)
	switch {
	case err != nil:
		return e, failure("%v", err)
	case strings.TrimSpace(d.Body) == "" && textfile.IsIndex(e.page.Stem()) && len(d.Matter.Map) > 0:
		return nil, nil //nolint:nilnil // a page that lists others has no text, and is no mistake
	case strings.TrimSpace(d.Body) == "":
		return e, failure("it is empty")
	}
	if format == entdocument.FormatMD {
		tags, err := r.source.Tags(ctx, d.Body)
		if err != nil {
			return e, err
		}
		d.AddTags(tags...)
	}
	e.sha256, e.at = sumOf(data), r.moment(d.At, modified)
	e.page.Title, e.page.Date, e.page.Matter = d.Title, d.At, d.Matter
	if err := r.describe(ctx, e, d, format); err != nil {
		return e, err
	}
	_, _, err = e.draft.Check()
	e.draft.Body = ""
	return e, err
}

// describe sets everything of the document of an entry but its text.
func (r *run) describe(ctx context.Context, e *entry, d textfile.Document, format entdocument.Format) (err error) {
	home, category := r.source.Home(e.page.Path)
	if e.author, err = r.authorOf(ctx, d.Authors, home); err != nil {
		return err
	}
	if reason := r.source.Hidden(e.page); reason != "" && d.Visibility != entdocument.VisibilityPrivate {
		d.Hide(reason)
	}
	if r.Private && d.Visibility != entdocument.VisibilityPrivate {
		d.Hide("all documents of this import are private")
	}
	e.hidden, e.remarks = d.Reason, d.Notes
	e.draft = document.Draft{Title: d.Title, Summary: d.Summary, Body: d.Body, Format: format, Visibility: d.Visibility, Tags: d.Tags}
	if category = cmp.Or(d.Category, plaintext.Line(category, plaintext.MaxCategory)); category != "" {
		e.draft.Category = &category
	}
	return nil
}

// checkName returns why a file cannot be remembered.
func (r *run) checkName(e *entry) error {
	switch {
	case len(e.id) > maxPath:
		return failure("its path is longer than %d bytes", maxPath)
	case !utf8.ValidString(e.path):
		return failure("its name is not UTF-8: rename it")
	case r.seen[e.id]:
		return failure("another file has the same name in another normal form of Unicode: remove one")
	}
	r.seen[e.id] = true
	return nil
}

// data reads a file.
func (r *run) data(file string) (data []byte, modified time.Time, err error) {
	info, err := fs.Stat(r.files, file)
	switch {
	case err != nil:
		return nil, modified, failure("it cannot be read: %v", err)
	case info.Size() > maxFile:
		return nil, modified, failure("it is larger than %d KiB: split it", plaintext.MaxText>>10)
	}
	if data, err = fs.ReadFile(r.files, file); err != nil {
		return nil, modified, failure("it cannot be read: %v", err)
	}
	return data, info.ModTime(), nil
}

// body reads the text of an entry again, which all of them together are too large to keep.
func (r *run) body(e *entry) (string, error) {
	data, _, err := r.data(e.path)
	if err != nil {
		return "", err
	}
	if sumOf(data) != e.sha256 {
		return "", failure("it has changed during the import: import again")
	}
	text, err := charset.Text(data)
	if err != nil {
		return "", failure("%v", err)
	}
	_, body, _ := frontmatter.Split(r.source.Text(e.page.Path, text)) // read has found no error
	return body, nil
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func failure(format string, args ...any) error { return errs.New(errs.BadUserInput, format, args...) }

// moment returns when the document was published: by the file, else when it was last modified; now if neither can be true.
func (r *run) moment(at, modified time.Time) time.Time {
	if at.IsZero() && modified.Year() >= 1980 { // before it, an archive has no date
		at = modified
	}
	if at = at.UTC().Truncate(time.Microsecond); at.After(r.now) || at.Year() < 1970 {
		return r.now
	}
	return at
}
