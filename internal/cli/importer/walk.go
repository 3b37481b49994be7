package importer

import (
	"io/fs"
	"path"

	"golang.org/x/text/unicode/norm"

	"docsquare/internal/cli/importer/source"
	"docsquare/internal/text/textfile"
)

// notText is the reason why no document is made of a file to which no document links.
const notText = "it is neither Markdown (.md, .markdown, .mdx) nor text (.txt)"

// walk finds the documents, in the order of their paths, and the other files of the source. It follows no symbolic link: one could lead out
// of the tree.
func (r *run) walk() (documents []string, err error) {
	assets := map[string]bool{} // folders without documents
	err = fs.WalkDir(r.files, ".", func(file string, d fs.DirEntry, err error) error {
		if file == "." {
			return err
		}
		if err != nil {
			r.report.fail(file, "it cannot be read: "+err.Error())
			return nil
		}
		reason := r.unwanted(file, d)
		if d.IsDir() {
			if assets[path.Dir(file)] && reason == "" {
				reason = source.Assets
			}
			if reason == source.Assets {
				assets[file] = true
			} else if reason != "" {
				r.report.skip(file, reason)
				return fs.SkipDir
			}
			return nil
		}
		_, isDocument := textfile.FormatOf(file)
		if reason == "" && assets[path.Dir(file)] {
			reason = source.Assets
		}
		switch {
		case reason != "" && reason != source.Assets:
			r.report.skip(file, reason)
		case !isDocument:
			r.index.assets[norm.NFC.String(file)] = &asset{path: file, unlinked: notText}
		case reason == source.Assets:
			r.index.assets[norm.NFC.String(file)] = &asset{path: file, unlinked: reason}
		default:
			documents = append(documents, file)
		}
		return nil
	})
	return documents, err
}

// unwanted returns why a file or folder is left out, or that a folder has no documents.
func (r *run) unwanted(file string, d fs.DirEntry) string {
	switch {
	case d.Type()&fs.ModeSymlink != 0:
		return "it is a symbolic link"
	case !d.IsDir() && !d.Type().IsRegular():
		return irregular
	}
	return r.source.Skip(norm.NFC.String(file), d.IsDir())
}
