package importer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/plaintext"
	"docsquare/internal/textfile"
)

// The limits of a file in bytes, which may be in an encoding that takes twice as many as UTF-8, and of its path.
const (
	maxFile = 2 * plaintext.MaxText
	maxPath = 1024
)

// walk returns the files to import, in the order of their paths. It follows no symbolic link: one could lead out of the tree.
func (r *run) walk() ([]string, error) {
	var paths []string
	err := fs.WalkDir(r.files, ".", func(file string, d fs.DirEntry, err error) error {
		if file == "." {
			return err
		}
		if err != nil {
			r.report.fail(file, "it cannot be read: "+err.Error())
			return nil
		}
		if reason := unwanted(d); reason != "" {
			r.report.skip(file, reason)
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			paths = append(paths, file)
		}
		return nil
	})
	return paths, err
}

// foreign are folders that hold programs and what they have made, and no documents.
var foreign = map[string]bool{"node_modules": true, "vendor": true, "_site": true, "bower_components": true}

func unwanted(d fs.DirEntry) string {
	switch {
	case strings.HasPrefix(d.Name(), "."):
		return "it is hidden"
	case d.IsDir() && foreign[d.Name()]:
		return "it holds no documents of the site's own"
	case d.IsDir():
		return ""
	case d.Type()&fs.ModeSymlink != 0:
		return "it is a symbolic link"
	case !d.Type().IsRegular():
		return "it is no regular file"
	}
	if _, ok := textfile.FormatOf(d.Name()); !ok {
		return "it is neither Markdown (.md, .markdown, .mdx) nor text (.txt)"
	}
	return ""
}

// read makes an entry of a file. An error with a code is the reason why the file cannot be imported.
func (r *run) read(ctx context.Context, file string) (e entry, err error) {
	e = entry{path: file, id: norm.NFC.String(file)}
	data, modified, err := r.data(e)
	if err != nil {
		return e, err
	}
	format, _ := textfile.FormatOf(file) // walk has looked
	d, err := textfile.Read(file, format, data, r.now)
	switch {
	case err != nil:
		return e, failure("%v", err)
	case strings.TrimSpace(d.Body) == "":
		return e, failure("it is empty")
	}
	if e.author, err = r.authorOf(ctx, d.Authors, e.id); err != nil {
		return e, err
	}
	sum := sha256.Sum256(data)
	e.sha256, e.hidden, e.remarks, e.at = hex.EncodeToString(sum[:]), d.Reason, d.Notes, r.moment(d.At, modified)
	e.draft = document.Draft{
		Title: d.Title, Summary: d.Summary, Body: d.Body, Format: format, Visibility: d.Visibility, Category: categoryOf(d.Category, e.id), Tags: d.Tags,
	}
	_, _, err = e.draft.Check()
	return e, err
}

// data reads a file.
func (r *run) data(e entry) (data []byte, modified time.Time, err error) {
	info, err := fs.Stat(r.files, e.path)
	switch {
	case err != nil:
		return nil, modified, failure("it cannot be read: %v", err)
	case info.Size() > maxFile:
		return nil, modified, failure("it is larger than %d KiB: split it", plaintext.MaxText>>10)
	case len(e.id) > maxPath:
		return nil, modified, failure("its path is longer than %d bytes", maxPath)
	case !utf8.ValidString(e.path):
		return nil, modified, failure("its name is not UTF-8: rename it")
	case r.seen[e.id]:
		return nil, modified, failure("another file has the same name in another normal form of Unicode: remove one")
	}
	r.seen[e.id] = true
	if data, err = fs.ReadFile(r.files, e.path); err != nil {
		return nil, modified, failure("it cannot be read: %v", err)
	}
	return data, info.ModTime(), nil
}

func failure(format string, args ...any) error { return errs.New(errs.BadUserInput, format, args...) }

// moment returns when the document was published: by the file, else when it was last modified; now if neither can be true.
func (r *run) moment(at, modified time.Time) time.Time {
	if at.IsZero() {
		at = modified
	}
	if at = at.UTC().Truncate(time.Microsecond); at.After(r.now) || at.Year() < 1970 {
		return r.now
	}
	return at
}

// categoryOf returns the category of the front matter, else the folder below that at the top; nil if there is none.
func categoryOf(category, id string) *string {
	if folders := strings.Split(path.Dir(id), "/"); len(folders) > 1 {
		category = cmp.Or(category, plaintext.Line(strings.TrimLeft(folders[1], "_"), plaintext.MaxCategory))
	}
	if category == "" {
		return nil
	}
	return &category
}
