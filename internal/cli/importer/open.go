package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"docsquare/internal/cli/importer/archive"
	"docsquare/internal/cli/importer/generator"
	"docsquare/internal/cli/importer/notion"
	"docsquare/internal/cli/importer/obsidian"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/cli/importer/wordpress"
)

// Opened is an open source. Close it at the end.
type Opened struct {
	source.Source
	closer func() error
}

// Close closes the source.
func (o *Opened) Close() error { return o.closer() }

// Check returns why a folder or file is no source.
func Check(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return fmt.Errorf("there is no folder or file %q to import", name)
	case info.IsDir():
		return nil
	case !info.Mode().IsRegular():
		return fmt.Errorf("%q cannot be imported: %s", name, irregular)
	case isArchive(name) || wordpress.IsExport(name):
		return nil
	}
	return fmt.Errorf("%q is none of what can be imported: a folder, a zip file, or an export of WordPress (.xml)", name)
}

// Open opens a folder, a zip file, or an export of WordPress as a source, whose kind it finds from the files in it. Nothing outside the folder is
// read, also if a symbolic link leads there.
func Open(name string) (*Opened, error) {
	if err := Check(name); err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return openFolder(name)
	case isArchive(name):
		return openArchive(name)
	}
	return openExport(name)
}

func isArchive(name string) bool { return strings.EqualFold(filepath.Ext(name), ".zip") }

func openFolder(name string) (*Opened, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(name)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	s, err := Detect(regularFS{root.FS()}, filepath.Base(absolute))
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &Opened{s, root.Close}, nil
}

func openArchive(name string) (*Opened, error) {
	a, err := archive.Open(name, archive.Default)
	if err != nil {
		return nil, err
	}
	tree, top, err := inner(a)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if top == "" {
		top = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	s, err := Detect(tree, top)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	notes := make([]source.Note, len(a.Refused))
	for i, r := range a.Refused {
		notes[i] = source.Note{Path: r.Name, Reason: r.Reason, Failed: true}
	}
	return &Opened{source.WithNotes(s, notes), a.Close}, nil
}

// inner returns the tree of an archive; that of its only folder if everything is in one whose name is no page of Notion.
func inner(tree fs.FS) (within fs.FS, name string, err error) {
	entries, err := fs.ReadDir(tree, ".")
	if err != nil {
		return nil, "", err
	}
	for _, e := range entries {
		if e.Name() == "__MACOSX" {
			continue
		}
		if name != "" || !e.IsDir() {
			return tree, "", nil
		}
		name = e.Name()
	}
	if name == "" {
		return tree, "", nil
	}
	within, err = fs.Sub(tree, name)
	return within, name, err
}

func openExport(name string) (*Opened, error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	s, err := wordpress.Open(regularFS{root.FS()}, filepath.Base(name))
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &Opened{s, root.Close}, nil
}

// Detect returns the source that a tree is by the files in it: a site, a vault, an export, or a plain folder. The name is that of the folder.
func Detect(tree fs.FS, name string) (source.Source, error) {
	if v := obsidian.Detect(tree, name); v != nil {
		return v, nil
	}
	if s, err := generator.Detect(tree); s != nil || err != nil {
		return s, err
	}
	if s, err := notion.Detect(tree); s != nil || err != nil {
		return s, err
	}
	return &source.Folder{Tree: tree}, nil
}
