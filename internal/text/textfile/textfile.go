// Package textfile reads documents from files of Markdown and plain text. The import, uploads and the editor use it, so a text
// becomes the same document whichever way it comes.
package textfile

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"docsquare/ent/document"
	"docsquare/internal/text/charset"
	"docsquare/internal/text/frontmatter"
	"docsquare/internal/text/markdown"
	"docsquare/internal/text/plaintext"
)

// Document is what a file describes. What is longer than a document may have is cut: a file should not be lost for its title.
type Document struct {
	Title      string  // one line: that of the front matter, else of the text, else of the file's name; may be empty without a name
	Summary    *string // that of the front matter; nil: the one of the text
	Body       string  // without the front matter
	Category   string  // empty: none
	Tags       []string
	Authors    []string            // names as they are written
	At         time.Time           // when it was published, or written; zero if neither the front matter nor the file's name has a date
	Visibility document.Visibility // PUBLIC, unless the file is not meant to be
	Reason     string              // why it is not PUBLIC
	Notes      []string            // what was not understood, such as a date, each with the consequence
	Matter     frontmatter.Value   // the front matter
}

// Formats are the formats of files, by the extension of their names in lower case.
var Formats = map[string]document.Format{
	".md": document.FormatMD, ".markdown": document.FormatMD, ".mdx": document.FormatMD, ".txt": document.FormatTXT,
}

// FormatOf returns the format of a file by its name. It returns false for other files.
func FormatOf(name string) (document.Format, bool) {
	f, ok := Formats[strings.ToLower(path.Ext(name))]
	return f, ok
}

// Read reads a file. The name is its path within the site or folder, or empty. A date after now is one of the future. Errors are
// charset.ErrUnknown, and those of broken front matter, which name the line.
func Read(name string, format document.Format, data []byte, now time.Time) (Document, error) {
	text, err := charset.Text(data)
	if err != nil {
		return Document{}, err
	}
	return Parse(name, format, text, frontmatter.Value{}, now)
}

// Parse reads the text of a file: UTF-8 with lines that end in \n. The defaults are front matter that the file may leave out. See Read.
func Parse(name string, format document.Format, text string, defaults frontmatter.Value, now time.Time) (Document, error) {
	block, body, err := frontmatter.Split(text)
	if err != nil {
		return Document{}, err
	}
	values, err := block.Values()
	if err != nil {
		return Document{}, err
	}
	own, values := values, values.Or(defaults)
	d := Document{Body: body, Authors: values.Get("author", "authors").Texts("name"), Visibility: document.VisibilityPublic, Matter: values}
	stem := stemOf(name)
	_, named, _ := splitName(stem) // date notes the error
	d.Title = cmp.Or(plaintext.Line(values.Get("title").Text, plaintext.MaxTitle), markdown.Describe(format, body).Title(plaintext.MaxTitle, named), named)
	if s := plaintext.Line(values.Get("description", "summary", "excerpt").Text, plaintext.MaxSummary); s != "" {
		d.Summary = &s
	}
	for _, category := range terms(values, "category", "categories", "name") {
		d.Category = cmp.Or(d.Category, plaintext.Line(category, plaintext.MaxCategory))
	}
	d.odd(block, values)
	d.tag(values, name)
	d.date(block, values, stem)
	d.hide(own, name, now)
	if before := d.Reason; d.Visibility != document.VisibilityPrivate && len(defaults.Map) > 0 {
		if d.hide(values, name, now); d.Reason != before {
			d.Reason += ", by the settings of the site"
		}
	}
	return d, nil
}

// odd notes values that are no texts where texts are wanted, such as {{ title }} of a template, which is a mapping in YAML.
func (d *Document) odd(block frontmatter.Block, values frontmatter.Value) {
	for key, instead := range map[string]string{"title": "the title is that of the text", "date": "it is not taken", "description": "the summary is that of the text"} {
		if v := values.Get(key); v.List != nil || v.Map != nil {
			d.note("%s%s is no text: %s", line(block, key), key, instead)
		}
	}
	for _, key := range []string{"tag", "tags"} {
		if v := values.Get(key); v.Map != nil && len(v.Texts("name", "label", "value")) == 0 {
			d.note("%s%s is no list: write the tags as [a, b]", line(block, key), key)
		}
	}
	slices.Sort(d.Notes)
}

// isJekyll reports whether a file is where Jekyll has its posts. There, blanks separate tags.
func isJekyll(name string) bool {
	return slices.ContainsFunc(folders(name), func(folder string) bool { return folder == "_posts" || folder == "_drafts" })
}

func folders(name string) []string { return strings.Split(path.Dir(name), "/") }

// tag sets the tags.
func (d *Document) tag(values frontmatter.Value, name string) {
	var tags []string
	for _, text := range terms(values, "tag", "tags", "name", "label", "value") {
		tags = append(tags, splitTags(text, isJekyll(name))...)
	}
	d.AddTags(tags...)
}

// terms returns what front matter has under a word and its plural, also within taxonomies, where Zola has them. Of objects it is the value
// of one of the keys.
func terms(values frontmatter.Value, one, many string, keys ...string) (all []string) {
	for _, at := range []frontmatter.Value{values, values.Get("taxonomies")} {
		all = append(all, at.Get(one).Texts(keys...)...)
		all = append(all, at.Get(many).Texts(keys...)...)
	}
	return all
}

// AddTags adds tags, of which there is one for all its spellings. What is more than a document may have is noted.
func (d *Document) AddTags(tags ...string) {
	known := map[string]bool{}
	all := slices.Concat(d.Tags, tags)
	d.Tags = nil
	for _, tag := range all {
		tag = plaintext.Line(strings.TrimLeft(tag, "#＃"), plaintext.MaxTag)
		key := plaintext.TagKey(tag)
		if tag == "" || known[key] {
			continue
		}
		known[key] = true
		d.Tags = append(d.Tags, norm.NFC.String(tag))
	}
	if len(d.Tags) > plaintext.MaxTags {
		d.note("it has %d tags: the first %d are taken", len(d.Tags), plaintext.MaxTags)
		d.Tags = d.Tags[:plaintext.MaxTags]
	}
}

// splitTags splits tags in one text at commas; at blanks where the generator does so, or if each word begins with #.
func splitTags(text string, blanks bool) []string {
	words := strings.Fields(text)
	hashes := !slices.ContainsFunc(words, func(word string) bool { return !strings.HasPrefix(strings.TrimLeft(word, ",，、;"), "#") })
	return strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune(",，、;；", r) || (blanks || hashes) && (r == ' ' || r == '\t' || r == '\n')
	})
}

// line returns where a key of front matter is, as a note begins with it.
func line(block frontmatter.Block, key string) string {
	if n := block.Line(key); n > 0 {
		return fmt.Sprintf("line %d: ", n)
	}
	return ""
}

func (d *Document) note(format string, args ...any) {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
}
