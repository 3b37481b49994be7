package importer

import (
	"errors"
	"io/fs"
)

// irregular is the reason why pipes, sockets and devices are left out.
const irregular = "it is a pipe, a socket or a device"

// regularFS is a tree whose pipes, sockets and devices are never opened: that would block until another program opens them, or read without end.
type regularFS struct{ tree fs.FS }

func (r regularFS) check(name string) error {
	info, err := fs.Stat(r.tree, name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New(irregular)}
	}
	return err
}

// Open implements fs.FS.
func (r regularFS) Open(name string) (fs.File, error) {
	if err := r.check(name); err != nil {
		return nil, err
	}
	return r.tree.Open(name)
}

// ReadDir implements fs.ReadDirFS. fs.Glob calls it for files too.
func (r regularFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := r.check(name); err != nil {
		return nil, err
	}
	return fs.ReadDir(r.tree, name)
}

// ReadFile implements fs.ReadFileFS.
func (r regularFS) ReadFile(name string) ([]byte, error) {
	if err := r.check(name); err != nil {
		return nil, err
	}
	return fs.ReadFile(r.tree, name)
}

// Stat implements fs.StatFS.
func (r regularFS) Stat(name string) (fs.FileInfo, error) { return fs.Stat(r.tree, name) }
