package blobstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	directoryMode = 0o750
	fileMode      = 0o666 // less the umask, so that the administrator decides who else reads the files
	unfinished    = ".tmp"
)

// directory stores each object in a file below dir, whose path is the key.
type directory struct{ dir string }

// openDirectory returns the objects in dir, which it makes if it is missing.
func openDirectory(dir string) (*directory, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	return &directory{dir: dir}, os.MkdirAll(dir, directoryMode)
}

func (d *directory) close() {}

func (d *directory) ping(context.Context) error {
	info, err := os.Stat(d.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		return ErrMissing
	}
	return err
}

// path returns the path of the file of a key. It refuses a key that leads out of the directory.
func (d *directory) path(key string) (string, error) {
	local, err := filepath.Localize(key)
	return filepath.Join(d.dir, local), err
}

// write writes to a file with another name, and renames it at the end: a file with the name of an object is complete.
func (d *directory) write(ctx context.Context, key string, src io.Reader) (size int64, err error) {
	path, err := d.path(key)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(filepath.Dir(path), directoryMode); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(path+unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode) //nolint:gosec // below the directory
	if err != nil {
		return 0, err
	}
	size, err = io.Copy(f, src)
	if err = errors.Join(err, f.Close(), ctx.Err()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return 0, errors.Join(err, os.Remove(f.Name()))
	}
	return size, nil
}

func (d *directory) section(_ context.Context, key string, from, size int64) (io.ReadCloser, error) {
	path, err := d.path(key)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path) //nolint:gosec // below the directory
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, from, size), f}, nil
}

// remove also deletes what a process left unfinished that ended while it wrote.
func (d *directory) remove(_ context.Context, key string) error {
	path, err := d.path(key)
	if err != nil {
		return err
	}
	for _, name := range []string{path, path + unfinished} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
