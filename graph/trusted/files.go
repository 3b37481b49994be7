package trusted

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

const (
	maxFiles = 1000
	maxFile  = 32 << 20 // bytes
)

// filesOf is the manifests at the paths, in their order: a file itself, and of a directory every *.json file below it, in
// the order of their names. Hidden ones are left out; so are hidden directories, in which mounted volumes keep what they
// link to.
func filesOf(paths []string) (files []string, faults []error) {
	for _, at := range paths {
		below, err := filesAt(at)
		if err != nil {
			faults = append(faults, err)
		}
		files = append(files, below...)
	}
	if len(files) > maxFiles {
		return nil, append(faults, inFile(files[maxFiles], "it is one of %d, but %d are allowed: put several into one", len(files), maxFiles))
	}
	return files, faults
}

func filesAt(at string) ([]string, error) {
	info, err := os.Stat(at)
	switch {
	case err != nil:
		return nil, inFile(at, "%w: correct the path, or put the file there", err)
	case info.Mode().IsRegular():
		return []string{at}, nil
	case !info.IsDir():
		return nil, inFile(at, "it is neither a file nor a directory: correct the path")
	}
	files, err := filesBelow(at)
	if err != nil {
		return nil, inFile(at, "%w: all below it must be readable", err)
	}
	if len(files) == 0 {
		return nil, inFile(at, "the directory has no *.json file: put one there, or correct the path")
	}
	return files, nil
}

func filesBelow(dir string) (files []string, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch hidden := name != "." && strings.HasPrefix(d.Name(), "."); {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case !hidden && d.Type()&^fs.ModeSymlink == 0 && path.Ext(name) == ".json":
			files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
		}
		return nil
	})
	return files, err
}

// read reads a manifest as far as it may be long.
func read(file string) ([]byte, error) {
	f, err := os.Open(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, inFile(file, "%w: it must be a readable file", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, inFile(file, "%w: it must be a readable file", err)
	case len(raw) > maxFile:
		return nil, inFile(file, "it is larger than %d bytes: split it", maxFile)
	}
	return raw, nil
}
