package markdown

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"docsquare/internal/text/fileurl"
	"docsquare/internal/text/plaintext"
)

// Files is what is known of the files that a text may show.
type Files struct {
	Named Named // nil: relative addresses are left as they are
	Sizes Sizes // nil: pictures have no sizes
}

// Named returns the file of a document that has this name, and false if there is none or more than one.
type Named func(name string) (uuid.UUID, bool)

// origin is written in Document.HTML instead of the origin of the server, such as "https://docs.example.org". No sanitised HTML has this character.
const origin = "\x00"

// HTMLAt returns the HTML for a server at an origin, so that pages of other origins show its pictures too. If the origin is empty,
// addresses of files begin with "/".
func (d *Document) HTMLAt(server string) string {
	return strings.ReplaceAll(d.HTML, origin, server)
}

// FilesOf returns the files that a Markdown text shows or links to by their addresses, each once, in the order of the text. It returns
// none for a text that exceeds a limit of Render: such a text is shown as plain paragraphs.
func FilesOf(source string) []uuid.UUID {
	if !strings.Contains(source, fileurl.Path) {
		return nil
	}
	o, limit, err := parse(&meter{ctx: context.Background()}, source, style{}, Files{})
	if err != nil || limit != "" {
		return nil
	}
	return o.files
}

// LinkTo returns the Markdown that shows a picture, or links to another file, by its name.
func LinkTo(id uuid.UUID, name string, picture bool) string {
	var label strings.Builder
	for _, r := range plaintext.OneLine(name) {
		if strings.ContainsRune("\\[]*_`<>&!$:~", r) {
			label.WriteByte('\\')
		}
		label.WriteRune(r)
	}
	link := "[" + label.String() + "](" + fileurl.Of(id).String() + ")"
	if picture {
		return "!" + link
	}
	return link
}

// files collects the files that the addresses of a text lead to.
type files struct {
	named Named // nil: relative addresses are left as they are
	found []uuid.UUID
	known map[uuid.UUID]bool
}

// address returns an address as it is written into the HTML: that of a file of this server has the origin of the server, and a
// relative one that names a file of the document is the address of this file.
func (f *files) address(text string) string {
	a, ok := fileurl.Parse(text)
	if ok {
		f.add(a.File)
		if a.Local() {
			return origin + a.String()
		}
		return text
	}
	if f.named == nil {
		return text
	}
	name, relative := fileurl.Name(text)
	if !relative {
		return text
	}
	id, ok := f.named(name)
	if !ok {
		return text
	}
	return origin + fileurl.Of(id).String()
}

func (f *files) add(id uuid.UUID) {
	if f.known[id] {
		return
	}
	if f.known == nil {
		f.known = map[uuid.UUID]bool{}
	}
	f.known[id] = true
	f.found = append(f.found, id)
}
