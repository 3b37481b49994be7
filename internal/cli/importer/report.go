package importer

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// Report is what an import did.
type Report struct {
	Source    string `json:"source"` // what was imported, such as folder or Hugo
	Created   int    `json:"created"`
	Updated   int    `json:"updated"`
	Unchanged int    `json:"unchanged"` // files that are as at the last import; their documents were left alone
	Files     int    `json:"files"`     // linked files that were stored now
	Hidden    []Note `json:"hidden"`    // documents that were created, but not as public ones
	Remarks   []Note `json:"remarks"`   // what was not understood of files that were imported
	Skipped   []Note `json:"skipped"`   // what is no document, such as hidden folders and pictures
	Failed    []Note `json:"failed"`    // documents that could not be imported
}

// Note is about a file or folder.
type Note struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// String is a summary in one line, without the names of the files.
func (r Report) String() string {
	files := ""
	if r.Files > 0 {
		files = fmt.Sprintf(", %d files stored", r.Files)
	}
	return fmt.Sprintf("%d created (%d of them not public), %d updated, %d unchanged, %d skipped, %d failed%s",
		r.Created, len(r.Hidden), r.Updated, r.Unchanged, len(r.Skipped), len(r.Failed), files)
}

// add adds the counts and notes of what was committed.
func (r *Report) add(committed Report) {
	r.Created += committed.Created
	r.Updated += committed.Updated
	r.Unchanged += committed.Unchanged
	r.Hidden = append(r.Hidden, committed.Hidden...)
	r.Remarks = append(r.Remarks, committed.Remarks...)
	r.Failed = append(r.Failed, committed.Failed...)
}

// remark adds what was not understood of a file.
func (r *Report) remark(e *entry, p plan) {
	for _, remark := range slices.Concat(e.remarks, p.remarks) {
		r.Remarks = append(r.Remarks, Note{e.path, remark})
	}
}

// skipAssets adds the files that no document links to.
func (r *Report) skipAssets(assets map[string]*asset) {
	for _, name := range slices.Sorted(maps.Keys(assets)) {
		if a := assets[name]; !a.linked {
			r.skip(a.path, a.unlinked)
		}
	}
}

func (r *Report) skip(path, reason string) { r.Skipped = append(r.Skipped, Note{path, reason}) }

func (r *Report) fail(path, reason string) { r.Failed = append(r.Failed, Note{path, reason}) }

// Print prints the report as a table, with the summary as its last line. Of what was skipped it counts the reasons.
func (r Report) Print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, part := range []struct {
		what  string
		notes []Note
	}{{"failed", r.Failed}, {"not public", r.Hidden}, {"remark", r.Remarks}} {
		for _, note := range part.notes {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", part.what, note.Path, note.Reason)
		}
	}
	reasons := map[string]int{}
	for _, note := range r.Skipped {
		reasons[note.Reason]++
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		_, _ = fmt.Fprintf(table, "skipped\t%d files or folders\t%s\n", reasons[reason], reason)
	}
	_, _ = fmt.Fprintln(table, r)
	return table.Flush()
}
