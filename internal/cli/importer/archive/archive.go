// Package archive opens zip files as file systems, within bounds. Nothing is unpacked to names that the archive chooses.
package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits bound an archive, with the archives within it.
type Limits struct {
	Entries int   // files and folders
	File    int64 // bytes of one file, unpacked
	Total   int64 // bytes of all files, unpacked
}

// Default are the limits of an import.
var Default = Limits{Entries: 100_000, File: 1 << 30, Total: 16 << 30}

// Archive is an open archive. Close it at the end.
type Archive struct {
	fs.FS             // of its files, and of those in the archives that it consists of
	Refused []Refusal // what is left out
	limits  Limits
	entries int
	total   int64
	closers []func() error
}

// Refusal is an entry that is left out, and why.
type Refusal struct{ Name, Reason string }

// ErrTooLarge is the error of an archive that exceeds a limit, which the message names.
var ErrTooLarge = errors.New("the archive is too large")

// Open opens a zip file. Archives at its top whose names end like those of Notion's parts are merged into it. Other archives within it are
// files like any others, so an archive that contains itself does no harm.
func Open(name string, limits Limits) (*Archive, error) {
	r, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Base(name), err)
	}
	a := &Archive{limits: limits, closers: []func() error{r.Close}}
	files, err := a.take(r.File, true)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	r.File = unique(files)
	a.FS = bounded{&r.Reader}
	return a, nil
}

// Close closes the archive and removes its temporary files.
func (a *Archive) Close() error {
	var all []error
	for _, c := range a.closers {
		all = append(all, c())
	}
	return errors.Join(all...)
}

// take returns the files of an archive that can be read, with those of its parts.
func (a *Archive) take(files []*zip.File, outer bool) (taken []*zip.File, err error) {
	if a.entries += len(files); a.entries > a.limits.Entries {
		return nil, fmt.Errorf("%w: it has %d files and folders, but may have %d", ErrTooLarge, a.entries, a.limits.Entries)
	}
	for _, f := range files {
		name := nameOf(f)
		if reason := a.refuse(f, name); reason != "" {
			a.Refused = append(a.Refused, Refusal{strings.ToValidUTF8(f.Name, "\ufffd"), reason})
			continue
		}
		f.Name = name
		if outer && isPart(name) {
			inner, err := a.part(f)
			if err != nil {
				return nil, err
			}
			taken = append(taken, inner...)
			continue
		}
		if a.total += int64(f.UncompressedSize64); a.total > a.limits.Total { //nolint:gosec // refuse has compared it
			return nil, fmt.Errorf("%w: its files have more than %d bytes", ErrTooLarge, a.limits.Total)
		}
		taken = append(taken, f)
	}
	return taken, nil
}

// nameOf returns the name of an entry with slashes, in UTF-8. Programs in Chinese write names in GBK without saying so.
func nameOf(f *zip.File) string {
	name := f.Name
	if f.NonUTF8 && !utf8.ValidString(name) {
		if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = text
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

// refuse returns why an entry is left out; empty for one that is not.
func (a *Archive) refuse(f *zip.File, name string) string {
	switch clean := strings.TrimSuffix(name, "/"); {
	case !utf8.ValidString(name):
		return "its name is not UTF-8"
	case !fs.ValidPath(clean) || clean == "." || strings.Contains(name, ":") && strings.Index(name, ":") == 1:
		return "its name leads out of the archive"
	case f.Flags&1 != 0:
		return "it is encrypted: unpack the archive with the password, and import the folder"
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return "it is compressed by a method that is not known here: unpack the archive, and import the folder"
	case f.UncompressedSize64 > uint64(a.limits.File): //nolint:gosec // limits are not negative
		return fmt.Sprintf("it has more than %d bytes", a.limits.File)
	}
	return ""
}

// isPart reports whether a name is that of a part of a large export.
func isPart(name string) bool {
	stem, ok := strings.CutSuffix(strings.ToLower(name), ".zip")
	return ok && !strings.Contains(name, "/") && (strings.Contains(stem, "part-") || strings.HasPrefix(stem, "export"))
}

// part unpacks an archive within the archive to a temporary file, because only a file can be read from any place, and returns its files.
func (a *Archive) part(f *zip.File) ([]*zip.File, error) {
	temporary, err := os.CreateTemp("", "docsquare-import-*.zip")
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, temporary.Close, func() error { return os.Remove(temporary.Name()) })
	if a.total += int64(f.UncompressedSize64); a.total > a.limits.Total { //nolint:gosec // refuse has compared it
		return nil, fmt.Errorf("%w: its files have more than %d bytes", ErrTooLarge, a.limits.Total)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	size, err := io.Copy(temporary, io.LimitReader(in, int64(f.UncompressedSize64)+1)) //nolint:gosec // refuse has compared it
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	inner, err := zip.NewReader(temporary, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return a.take(inner.File, false)
}

// unique returns the first file of each name, and no folders: those follow from the names.
func unique(files []*zip.File) (out []*zip.File) {
	known := map[string]bool{}
	for _, f := range files {
		name := strings.TrimSuffix(f.Name, "/")
		if known[name] || strings.HasSuffix(f.Name, "/") {
			continue
		}
		known[name] = true
		for dir := path.Dir(name); dir != "." && !known[dir+"/"]; dir = path.Dir(dir) {
			known[dir+"/"] = true
		}
		out = append(out, f)
	}
	kept := out[:0]
	for _, f := range out {
		if !known[f.Name+"/"] { // a file cannot be a folder too
			kept = append(kept, f)
		}
	}
	return kept
}

// bounded is a file system whose files end at the size that the archive declares.
type bounded struct{ fs.FS }

// Open implements fs.FS.
func (b bounded) Open(name string) (fs.File, error) {
	f, err := b.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if _, isFolder := f.(fs.ReadDirFile); isFolder {
		return f, nil
	}
	return &file{File: f, left: info.Size()}, nil
}

type file struct {
	fs.File
	left int64
}

var errLonger = errors.New("the file is longer than the archive says: the archive is damaged")

// Read implements io.Reader.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return 0, errLonger
	}
	return n, err
}
