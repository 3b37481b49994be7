package wordpress

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// besides is the tree of documents with the folders of attachments of another tree.
type besides struct{ documents, attachments fs.FS }

// Open implements fs.FS.
func (b besides) Open(name string) (fs.File, error) {
	if isAttachment(name) {
		return b.attachments.Open(name)
	}
	return b.documents.Open(name)
}

// ReadDir implements fs.ReadDirFS.
func (b besides) ReadDir(name string) ([]fs.DirEntry, error) {
	if isAttachment(name) {
		return fs.ReadDir(b.attachments, name)
	}
	entries, err := fs.ReadDir(b.documents, name)
	if name != "." && !errors.Is(err, fs.ErrNotExist) {
		return entries, err
	}
	others, failed := fs.ReadDir(b.attachments, name)
	for _, o := range others {
		if o.IsDir() && leads(o.Name()) {
			entries = append(entries, o)
		}
	}
	return entries, failed
}

// leads reports whether a folder at the top is one of attachments, or leads to one.
func leads(name string) bool {
	return slices.ContainsFunc(uploads, func(u string) bool { return u == name || strings.HasPrefix(u, name+"/") })
}

// isAttachment reports whether a path is in a folder of attachments, or leads to one.
func isAttachment(name string) bool {
	return leads(name) || slices.ContainsFunc(uploads, func(u string) bool { return strings.HasPrefix(name, u+"/") })
}
