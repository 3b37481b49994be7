package importer

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/markdown"
	"docsquare/internal/plaintext"
)

// The limits of a file and of its name in bytes.
const (
	maxFile   = plaintext.MaxText
	maxSource = 1024
)

// scheme begins the source of an imported document; the path within the imported folder follows.
const scheme = "import:"

var formats = map[string]entdocument.Format{".md": entdocument.FormatMD, ".markdown": entdocument.FormatMD, ".txt": entdocument.FormatTXT}

func extension(file string) string { return strings.ToLower(path.Ext(file)) }

// walk is the files to import, in the order of their paths. It follows no symbolic link: one could lead out of the tree.
func (r *run) walk() ([]string, error) {
	var paths []string
	err := fs.WalkDir(r.files, ".", func(file string, d fs.DirEntry, err error) error {
		if file == "." {
			return err
		}
		if err != nil {
			r.skip(file, "it cannot be read: "+err.Error())
			return nil
		}
		if reason := r.unwanted(d); reason != "" {
			r.skip(file, reason)
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

func (r *run) unwanted(d fs.DirEntry) string {
	switch {
	case strings.HasPrefix(d.Name(), "."):
		return "it is hidden"
	case d.IsDir():
		return ""
	case d.Type()&fs.ModeSymlink != 0:
		return "it is a symbolic link"
	case !d.Type().IsRegular():
		return "it is no regular file"
	case formats[extension(d.Name())] == "":
		return "it is neither .md, .markdown nor .txt"
	}
	return ""
}

// read makes an entry of a file, or says why it cannot.
func (r *run) read(file string) (e entry, reason string) {
	text, modified, reason := r.text(file)
	if reason != "" {
		return e, reason
	}
	front, body, err := split(text)
	switch {
	case err != nil:
		return e, "its front matter is not YAML: " + err.Error()
	case strings.TrimSpace(body) == "":
		return e, "it is empty"
	}
	e = entry{path: file, source: scheme + file, author: authorOf(front, file), at: r.moment(front, modified)}
	format := formats[extension(file)]
	e.draft = document.Draft{
		Title: title(front, format, body, file), Summary: summary(front), Body: body, Format: format,
		Visibility: entdocument.VisibilityPublic, Category: category(front, file), Tags: tags(front),
	}
	return e, refused(e.draft)
}

func (r *run) text(file string) (text string, modified time.Time, reason string) {
	info, err := fs.Stat(r.files, file)
	if err != nil {
		return "", modified, "it cannot be read: " + err.Error()
	}
	switch {
	case info.Size() > maxFile:
		return "", modified, "it is larger than 512 KiB"
	case len(scheme+file) > maxSource:
		return "", modified, "its path is too long"
	case !utf8.ValidString(file):
		return "", modified, "its name is not UTF-8"
	}
	data, err := fs.ReadFile(r.files, file)
	switch {
	case err != nil:
		return "", modified, "it cannot be read: " + err.Error()
	case !utf8.Valid(data):
		return "", modified, "it is not UTF-8"
	}
	text = strings.TrimPrefix(string(data), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n"), info.ModTime(), ""
}

// moment is when the document was written: by its front matter, else by its file; now where neither can be true.
func (r *run) moment(front header, modified time.Time) time.Time {
	at, ok := front.moment()
	if !ok {
		at = modified
	}
	if at = at.UTC().Truncate(time.Microsecond); at.After(r.now) || at.Year() < 1970 {
		return r.now
	}
	return at
}

// title is that of the front matter, else the heading of the text, else the name of the file.
func title(front header, format entdocument.Format, body, file string) string {
	if t := plaintext.Line(string(front.Title), plaintext.MaxTitle); t != "" {
		return t
	}
	name := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return cmp.Or(markdown.Describe(format, body).Title(plaintext.MaxTitle, name), name)
}

// summary is nil where the front matter has none: it is taken from the text then.
func summary(front header) *string {
	for _, t := range []text{front.Description, front.Summary} {
		if s := plaintext.Line(string(t), maxSummary); s != "" {
			return &s
		}
	}
	return nil
}

// category is that of the front matter, else the folder below the author's.
func category(front header, file string) *string {
	names := slices.Concat(front.Category, front.Categories)
	if folders := strings.Split(path.Dir(file), "/"); len(folders) > 1 {
		names = append(names, folders[1])
	}
	for _, name := range names {
		if name = plaintext.Line(name, maxCategory); name != "" {
			return &name
		}
	}
	return nil
}

func tags(front header) []string {
	var out []string
	for _, names := range slices.Concat(front.Tag, front.Tags) {
		for name := range strings.FieldsFuncSeq(names, isComma) {
			if name = plaintext.Line(name, maxTag); name != "" && !slices.Contains(out, name) && len(out) < maxTags {
				out = append(out, name)
			}
		}
	}
	return out
}

func isComma(r rune) bool { return r == ',' || r == '，' || r == '、' }
