// Package source defines what an import reads documents from: a tree of files, and the rules by which the program that has made them finds
// one file from another.
package source

import (
	"context"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"docsquare/internal/text/frontmatter"
)

// Page is a file of a source.
type Page struct {
	Path   string            // within the tree, in NFC
	Title  string            // of a document; empty for other files
	Date   time.Time         // of a document; zero if it has none
	Matter frontmatter.Value // the front matter of a document
}

// Stem returns the name of the file without its extension.
func (p Page) Stem() string {
	base := path.Base(p.Path)
	return strings.TrimSuffix(base, path.Ext(base))
}

// Dir returns the folder of the file, "." at the top.
func (p Page) Dir() string { return path.Dir(p.Path) }

// Reference is what an address in a document means.
type Reference struct {
	// Candidates are what is looked for, the best first: paths in the tree, or names as Names returns them. There are none for addresses
	// that lead out of the source.
	Candidates []string
	Fragment   string
}

// Token is a link or an embedded file in another syntax than that of Markdown.
type Token struct {
	Address string
	Text    string // empty: the title of the document, or the name of the file
	Title   string // of an image
	Embed   bool   // an image is shown instead of linked
	Width   string // of an image in pixels; empty: its own
}

// Source is what an import reads documents from.
type Source interface {
	// Name is what the source is called in reports.
	Name() string

	// Files is the tree of the source.
	Files() fs.FS

	// ID returns what an import remembers a document by. It stays the same while the document does.
	ID(path string) string

	// Skip returns why a file or folder has no documents; empty for those that may. Of a folder that was skipped nothing is read,
	// unless Skip returns Assets: then its files can be linked.
	Skip(path string, isFolder bool) string

	// Text returns the text of a document with what the source writes in its own way as front matter.
	Text(path, text string) string

	// Defaults returns front matter that the settings of the source give to a document. The document's own goes before it.
	Defaults(path string) frontmatter.Value

	// Home returns the author and the category of a document that names neither. Both may be empty.
	Home(path string) (author, category string)

	// Hidden returns why a document is not public, although its text does not say so; empty for others.
	Hidden(p Page) string

	// Names returns the names by which links find a file, other than its path. A name with a slash at its start is an address of the site.
	Names(p Page) []string

	// Resolve returns what an address in a document means.
	Resolve(from Page, address string) Reference

	// Foreign matches links that are not written as Markdown, and template tags in addresses; nil: there are none.
	Foreign() *regexp.Regexp

	// Token returns what a match of Foreign means. It returns false for what stays as it is.
	Token(text string) (Token, bool)

	// Tags returns the tags in the text of a document.
	Tags(ctx context.Context, text string) ([]string, error)

	// Notes are what the source has to say of parts of it that no document is made of.
	Notes() []Note
}

// Note is about a file, or a part of one.
type Note struct {
	Path, Reason string
	Failed       bool // something is wrong with it; false: it is left out on purpose
}

// Assets is the reason of Skip for a folder that has no documents, but files that documents link to.
const Assets = "it holds files for other pages, and no documents"

// The reasons of Skip for what no source reads.
const (
	Hidden  = "it is hidden"
	Foreign = "it holds no documents of the site's own"
	Outside = "it is no content of the site"
)

// foreign are folders of programs and of what they have made.
var foreign = map[string]bool{"node_modules": true, "vendor": true, "_site": true, "bower_components": true}

// Unwanted returns why no source reads a file or folder, by its name.
func Unwanted(name string, isFolder bool) string {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "."):
		return Hidden
	case isFolder && (foreign[base] || base == "__MACOSX"):
		return Foreign
	}
	return ""
}

// WithNotes returns a source that has more notes.
func WithNotes(s Source, notes []Note) Source { return noted{s, notes} }

type noted struct {
	Source
	notes []Note
}

func (n noted) Notes() []Note { return append(n.Source.Notes(), n.notes...) }
