// Package importer brings a tree of Markdown and text files into the database, as often as one likes. A file that has not changed
// since the last import leaves its document alone, whatever has become of it. Other formats are not converted.
package importer

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/ent/importedfile"
	"docsquare/ent/schema"
	"docsquare/internal/account"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/store"
)

// batch is how many documents one transaction writes: enough to spare commits, few enough to let other writers in.
const batch = 50

// Options of an import.
type Options struct {
	// Author is the username of the account that all documents are for. Empty: those that the files name, or their folders; their
	// accounts are opened.
	Author string

	// Overwrite also replaces documents that were changed since their files were imported. Their old texts stay as revisions.
	Overwrite bool

	// Progress is called after each 50 files; nil: nothing is.
	Progress func(done, total int)
}

// run is one import.
type run struct {
	Options
	store    *store.Store
	accounts *account.Service
	files    fs.FS
	authors  map[string]author
	seen     map[string]bool // by ID
	now      time.Time
	report   Report
}

// Run imports the .md, .markdown, .mdx and .txt files of a tree. What cannot be imported is in the report, with the reason. An
// error of the database ends the import; the documents that the report counts by then are written, and a second run continues from
// there.
func Run(ctx context.Context, s *store.Store, accounts *account.Service, files fs.FS, o Options) (Report, error) {
	r := &run{Options: o, store: s, accounts: accounts, files: files, authors: map[string]author{}, seen: map[string]bool{}, now: schema.Now()}
	if err := r.checkAuthor(ctx); err != nil {
		return r.report, err
	}
	paths, err := r.walk()
	if err != nil {
		return r.report, fmt.Errorf("the folder to import: %w", err)
	}
	done := 0
	for chunk := range slices.Chunk(paths, batch) {
		if err := r.batch(ctx, chunk); err != nil {
			return r.report, err
		}
		if done += len(chunk); r.Progress != nil {
			r.Progress(done, len(paths))
		}
	}
	return r.report, nil
}

// entry is a file that can be imported.
type entry struct {
	path, id string // as the file system names it, and in NFC
	sha256   string
	author   author
	draft    document.Draft
	at       time.Time
	hidden   string   // why it is not public
	remarks  []string // what was not understood
}

func (r *run) batch(ctx context.Context, paths []string) error {
	entries := make([]entry, 0, len(paths))
	for _, path := range paths {
		e, err := r.read(ctx, path)
		if reason := errs.As(err); reason != nil {
			r.report.fail(path, reason.Message)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil
	}
	var committed Report
	err := r.store.Write(ctx, func(tx *store.Tx) (err error) {
		committed, err = r.write(ctx, tx, entries)
		return err
	})
	if err == nil {
		r.report.add(committed)
	}
	return err
}

// write writes entries. The report counts them once they are committed.
func (r *run) write(ctx context.Context, tx *store.Tx, entries []entry) (report Report, err error) {
	known, err := imported(ctx, tx, entries)
	if err != nil {
		return report, err
	}
	for _, e := range entries {
		old := known[e.id]
		switch {
		case old == nil:
			err = r.create(ctx, tx, e, &report)
		case old.Sha256 == e.sha256:
			report.Unchanged++
		default:
			err = r.renew(ctx, tx, old, e, &report)
		}
		if err != nil {
			return report, fmt.Errorf("%s: %w", e.path, err)
		}
	}
	return report, nil
}

// imported returns what earlier imports know of entries, by ID.
func imported(ctx context.Context, tx *store.Tx, entries []entry) (map[string]*ent.ImportedFile, error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	rows, err := tx.ImportedFile.Query().Where(importedfile.IDIn(ids...)).All(ctx)
	known := make(map[string]*ent.ImportedFile, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	return known, err
}

// create writes the document of a file that no import knows.
func (r *run) create(ctx context.Context, tx *store.Tx, e entry, report *Report) error {
	d, body, err := e.draft.Check()
	if err != nil {
		return err
	}
	d.AuthorID, d.CreatedAt, d.UpdatedAt, d.PublishedAt = e.author.id, e.at, e.at, &e.at
	if d, err = document.Insert(ctx, tx, d, body); err != nil {
		return err
	}
	report.Created++
	if e.hidden != "" {
		report.Hidden = append(report.Hidden, Note{e.path, e.hidden})
	}
	report.remark(e)
	return tx.ImportedFile.Create().SetID(e.id).SetDocumentID(d.ID).SetSha256(e.sha256).Exec(ctx)
}

// renew brings the document of a file that has changed up to date, if it is as the import left it.
func (r *run) renew(ctx context.Context, tx *store.Tx, old *ent.ImportedFile, e entry, report *Report) error {
	d, err := tx.Document.Query().Where(entdocument.ID(old.DocumentID)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		report.fail(e.path, "the file has changed, but its document was deleted: rename the file to import it as another document")
		return nil
	case err != nil:
		return err
	}
	byHand, visibility := d.UpdatedAt.After(old.ImportedAt), &e.draft.Visibility
	if byHand {
		visibility = nil // somebody may have unpublished it
	}
	if byHand && !r.Overwrite {
		report.fail(e.path, "the file has changed, and so has its document, by hand: bring both together, or use --overwrite to replace the document (its revisions stay)")
		return nil
	}
	changed, err := document.Renew(ctx, tx, d.ID, e.draft, visibility)
	if err != nil {
		return err
	}
	if changed {
		report.Updated++
	} else {
		report.Unchanged++
	}
	report.remark(e)
	return tx.ImportedFile.UpdateOneID(old.ID).SetSha256(e.sha256).Exec(ctx)
}

func (r *Report) remark(e entry) {
	for _, remark := range e.remarks {
		r.Remarks = append(r.Remarks, Note{e.path, remark})
	}
}
