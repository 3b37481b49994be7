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
	"docsquare/internal/search"
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
	index    search.Index
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
	r := &run{Options: o, store: s, index: search.New(s), accounts: accounts, files: files, authors: map[string]author{}, seen: map[string]bool{}, now: schema.Now()}
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
	var will Report
	err := store.Prepared(func() (err error) {
		var writes []write
		if writes, will, err = r.prepare(ctx, entries); err != nil {
			return err
		}
		return r.store.Write(ctx, func(tx *store.Tx) error {
			for _, write := range writes {
				if err := write(tx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err == nil {
		r.report.add(will)
	}
	return err
}

// write writes one document.
type write func(tx *store.Tx) error

// prepare returns what writes the entries, without work that a transaction would wait for, and what the report counts then.
func (r *run) prepare(ctx context.Context, entries []entry) (writes []write, will Report, err error) {
	known, err := r.imported(ctx, entries)
	if err != nil {
		return nil, will, err
	}
	for _, e := range entries {
		var w write
		old := known[e.id]
		switch {
		case old == nil:
			w, err = r.create(ctx, e, &will)
		case old.Sha256 == e.sha256:
			will.Unchanged++
		default:
			w, err = r.renew(ctx, old, e, &will)
		}
		if err != nil {
			return nil, will, fmt.Errorf("%s: %w", e.path, err)
		}
		if w != nil {
			writes = append(writes, func(tx *store.Tx) error {
				if err := w(tx); err != nil {
					return fmt.Errorf("%s: %w", e.path, err)
				}
				return nil
			})
		}
	}
	return writes, will, nil
}

// imported returns what earlier imports know of entries, by ID.
func (r *run) imported(ctx context.Context, entries []entry) (map[string]*ent.ImportedFile, error) {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	rows, err := r.store.DB.ImportedFile.Query().Where(importedfile.IDIn(ids...)).All(ctx)
	known := make(map[string]*ent.ImportedFile, len(rows))
	for _, row := range rows {
		known[row.ID] = row
	}
	return known, err
}

// create prepares the document of a file that no import knows.
func (r *run) create(ctx context.Context, e entry, will *Report) (write, error) {
	d, body, err := e.draft.Check()
	if err != nil {
		return nil, err
	}
	d.AuthorID, d.CreatedAt, d.UpdatedAt, d.PublishedAt = e.author.id, e.at, e.at, &e.at
	will.Created++
	if e.hidden != "" {
		will.Hidden = append(will.Hidden, Note{e.path, e.hidden})
	}
	will.remark(e)
	p := document.Prepare(r.index, d, body)
	return func(tx *store.Tx) error {
		d, err := document.Insert(ctx, tx, p)
		if err != nil {
			return err
		}
		return tx.ImportedFile.Create().SetID(e.id).SetDocumentID(d.ID).SetSha256(e.sha256).Exec(ctx)
	}, nil
}

// renew prepares the change of the document of a file that has changed, if the document is as the import left it.
func (r *run) renew(ctx context.Context, old *ent.ImportedFile, e entry, will *Report) (write, error) {
	d, err := r.store.DB.Document.Query().Where(entdocument.ID(old.DocumentID)).Only(ctx)
	if ent.IsNotFound(err) {
		will.fail(e.path, "the file has changed, but its document was deleted: rename the file to import it as another document")
		return nil, nil //nolint:nilnil // there is nothing to write
	}
	if err != nil {
		return nil, err
	}
	byHand, visibility := d.UpdatedAt.After(old.ImportedAt), &e.draft.Visibility
	if byHand {
		visibility = nil // somebody may have unpublished it
	}
	if byHand && !r.Overwrite {
		will.fail(e.path, "the file has changed, and so has its document, by hand: bring both together, or use --overwrite to replace the document (its revisions stay)")
		return nil, nil //nolint:nilnil // there is nothing to write
	}
	renewal, changed, err := document.PrepareRenewal(ctx, r.index, r.store.DB, d.ID, e.draft, visibility)
	if err != nil {
		return nil, err
	}
	if changed {
		will.Updated++
	} else {
		will.Unchanged++
	}
	will.remark(e)
	return func(tx *store.Tx) error {
		if changed {
			if err := renewal.Write(ctx, tx); err != nil {
				return err
			}
		}
		return tx.ImportedFile.UpdateOneID(old.ID).SetSha256(e.sha256).Exec(ctx)
	}, nil
}

func (r *Report) remark(e entry) {
	for _, remark := range e.remarks {
		r.Remarks = append(r.Remarks, Note{e.path, remark})
	}
}
