package wordpress

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// overlay is the tree of documents with the folders of attachments of another tree.
type overlay struct{ documents, attachments fs.FS }

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if isAttachment(name) {
		return o.attachments.Open(name)
	}
	return o.documents.Open(name)
}

// ReadDir implements fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	if isAttachment(name) {
		return fs.ReadDir(o.attachments, name)
	}
	entries, err := fs.ReadDir(o.documents, name)
	if name != "." && !errors.Is(err, fs.ErrNotExist) {
		return entries, err
	}
	others, failed := fs.ReadDir(o.attachments, name)
	for _, e := range others {
		if e.IsDir() && leads(e.Name()) {
			entries = append(entries, e)
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
