// Package wordpress reads exports of WordPress (WXR): posts and pages become files of Markdown, with what else is known of them as front
// matter. See https://github.com/WordPress/wordpress-importer for the format.
package wordpress

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"

	"docsquare/internal/cli/importer/source"
)

// maxExport is the largest export that is read, in bytes.
const maxExport = 1 << 30

// blog is an export of WordPress.
type blog struct {
	source.Folder
	host string
}

// uploads are the folders next to the export in which the attachments may be.
var uploads = []string{"wp-content/uploads", "uploads"}

// Open opens an export. Attachments are read from the folders wp-content/uploads and uploads next to it.
func Open(tree fs.FS, name string) (source.Source, error) {
	f, err := tree.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > maxExport {
		err = fmt.Errorf("%s has more than %d bytes: export the posts in several files", name, maxExport)
	}
	var x export
	if err == nil {
		x, err = decode(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	b := &blog{Folder: source.Folder{Label: "WordPress", Author: x.Title}}
	b.Site = source.Sites(slashed(x.BlogURL), slashed(x.SiteURL), slashed(x.Link))
	if at, err := url.Parse(cmp.Or(x.BlogURL, x.SiteURL, x.Link)); err == nil {
		b.host = at.Host
	}
	documents, err := b.files(x)
	if err != nil {
		return nil, err
	}
	b.Tree = overlay{documents, tree}
	return b, nil
}

func slashed(site string) string {
	if site == "" {
		return ""
	}
	return strings.TrimSuffix(site, "/") + "/"
}

// IsExport reports whether a file is an export of WordPress, by its start.
func IsExport(name string) bool {
	f, err := os.Open(name) //nolint:gosec // who imports names the file
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	head := make([]byte, 8<<10)
	n, err := io.ReadFull(f, head)
	return (err == nil || errors.Is(err, io.ErrUnexpectedEOF)) && bytes.Contains(head[:n], []byte("wordpress.org/export/"))
}

// files returns the documents of an export as a tree of files.
func (b *blog) files(x export) (fs.FS, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	left := map[string]int{}
	for i := range x.Items {
		it := &x.Items[i]
		if it.Type != "post" && it.Type != "page" || it.Status == "trash" || it.Status == "auto-draft" || it.Status == "inherit" {
			left[it.Type]++
			continue
		}
		text, err := b.document(x, it)
		if err != nil {
			b.Extra = append(b.Extra, source.Note{Path: it.name(), Reason: "it cannot be converted: " + err.Error(), Failed: true})
			continue
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: it.name(), Method: zip.Store, Modified: it.date()})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(text)); err != nil {
			return nil, err
		}
	}
	b.note(x, left)
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
}

// note adds notes of what is not imported.
func (b *blog) note(x export, left map[string]int) {
	delete(left, "attachment") // those that are linked are stored
	for _, kind := range sorted(left) {
		b.Extra = append(b.Extra, source.Note{Path: kind, Reason: fmt.Sprintf("%d items of this type are no posts or pages, or are in the trash", left[kind])})
	}
	if n := x.comments(); n > 0 {
		b.Extra = append(b.Extra, source.Note{Path: "comments", Reason: fmt.Sprintf("%d comments are not imported: their authors have no accounts here", n)})
	}
}

// document returns an item as a file of Markdown.
func (b *blog) document(x export, it *item) (string, error) {
	body, err := x.markdown(it)
	if err != nil {
		return "", err
	}
	matter := map[string]any{"title": it.Title, "addresses": b.addresses(it)}
	if author := x.author(it.Creator); author != "" {
		matter["author"] = author
	}
	if at := it.date(); !at.IsZero() {
		matter["date"] = at.Format("2006-01-02T15:04:05Z")
	}
	if it.Status != "publish" && it.Status != "" {
		matter["status"] = it.Status
	}
	if it.Password != "" {
		matter["protected"] = "true"
	}
	if excerpt := it.excerpt(); excerpt != "" {
		matter["description"] = excerpt
	}
	if categories := it.terms("category"); len(categories) > 0 {
		matter["categories"] = categories
	}
	if tags := it.terms("post_tag"); len(tags) > 0 {
		matter["tags"] = tags
	}
	head, err := json.Marshal(matter)
	return string(head) + "\n" + body, err
}

// addresses returns the addresses of an item within the site.
func (b *blog) addresses(it *item) []string {
	all := []string{"/?p=" + it.ID, "/?page_id=" + it.ID}
	for _, site := range b.Site {
		if within, ok := strings.CutPrefix(it.Link, site); ok {
			return append(all, "/"+within)
		}
	}
	return all
}

// ID implements source.Source: exports of two sites do not meet.
func (b *blog) ID(name string) string { return "wordpress/" + b.host + "/" + name }

// Skip implements source.Source: next to the export only attachments are read.
func (b *blog) Skip(name string, _ bool) string {
	switch {
	case name == "posts" || name == "pages" || strings.HasPrefix(name, "posts/") || strings.HasPrefix(name, "pages/"):
		return ""
	case strings.HasPrefix(path.Base(name), "."):
		return source.Hidden
	}
	return source.Assets
}

// Home implements source.Source.
func (b *blog) Home(string) (author, category string) { return b.Author, "" }

// Names implements source.Source.
func (b *blog) Names(p source.Page) []string { return p.Matter.Get("addresses").Texts() }

// resized matches what WordPress adds to the names of smaller copies of an image.
var resized = regexp.MustCompile(`-(\d+x\d+|scaled|rotated)(\.\w+)$`)

// Resolve implements source.Source. Of an image that is missing in one size, the original is looked for.
func (b *blog) Resolve(from source.Page, address string) source.Reference {
	ref := b.Folder.Resolve(from, address)
	for _, c := range ref.Candidates {
		if _, within, ok := strings.Cut(c, "wp-content/uploads/"); ok {
			for _, folder := range uploads {
				ref.Candidates = append(ref.Candidates, path.Join(folder, within), path.Join(folder, resized.ReplaceAllString(within, "$2")))
			}
		}
	}
	return ref
}
