// Package importer brings documents into the database, as often as one likes: those of a folder, of a site, of an export. A file that has not
// changed since the last import leaves its document alone, whatever has become of it.
package importer

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/ent/importedfile"
	"docsquare/ent/schema"
	"docsquare/internal/account"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/errs"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/text/markdown"
	"docsquare/internal/upload"
)

// batch is how many documents one transaction writes: enough to spare commits, few enough to let other writers in.
const batch = 50

// lookups is how many files one statement asks for.
const lookups = 500

// Services are what an import writes with.
type Services struct {
	Store    *store.Store
	Accounts *account.Service
	Uploads  *upload.Service // nil: linked files are left behind, and links to them stay as they are
}

// Options of an import.
type Options struct {
	// Author is the username of the account that all documents are for. Empty: those that the files name, or their folders; their
	// accounts are opened.
	Author string

	// Overwrite also replaces documents that were changed since their files were imported. Their old texts stay as revisions.
	Overwrite bool

	// Private makes all new documents private.
	Private bool

	// Progress is called after each 50 files; nil: nothing is.
	Progress func(done, total int)
}

// run is one import.
type run struct {
	Options
	db       *store.Store
	search   search.Index
	accounts *account.Service
	uploads  *upload.Service
	source   source.Source
	files    fs.FS
	index    *index
	anchors  map[string]markdown.Anchors // of documents that links name a part of, by path
	stored   map[storedKey]stored
	authors  map[string]author
	seen     map[string]bool // by ID
	now      time.Time
	report   Report
}

// Run imports the .md, .markdown, .mdx and .txt files of a source, with the files that they link to. What cannot be imported is in the report,
// with the reason. An error of the database ends the import; the documents that the report counts by then are written, and a second run
// continues from there.
func Run(ctx context.Context, s Services, src source.Source, o Options) (Report, error) {
	r := &run{
		Options: o, db: s.Store, search: search.New(s.Store), accounts: s.Accounts, uploads: s.Uploads, source: src, files: src.Files(), index: newIndex(),
		anchors: map[string]markdown.Anchors{}, stored: map[storedKey]stored{}, authors: map[string]author{}, seen: map[string]bool{}, now: schema.Now(),
	}
	r.report.Source = src.Name()
	if err := r.checkAuthor(ctx); err != nil {
		return r.report, err
	}
	for _, n := range src.Notes() {
		if n.Failed {
			r.report.fail(n.Path, n.Reason)
		} else {
			r.report.skip(n.Path, n.Reason)
		}
	}
	entries, err := r.survey(ctx)
	if err != nil {
		return r.report, err
	}
	done := 0
	for chunk := range slices.Chunk(entries, batch) {
		if err := r.batch(ctx, chunk); err != nil {
			return r.report, err
		}
		if done += len(chunk); r.Progress != nil {
			r.Progress(done, len(entries))
		}
	}
	r.report.skipAssets(r.index.assets)
	return r.report, nil
}

// survey reads all documents, so that links find those that come later.
func (r *run) survey(ctx context.Context) (entries []*entry, err error) {
	paths, err := r.walk()
	if err != nil {
		return nil, fmt.Errorf("the folder to import: %w", err)
	}
	for _, path := range paths {
		e, err := r.read(ctx, path)
		switch reason := errs.As(err); {
		case reason != nil:
			r.report.fail(path, reason.Message)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", path, err)
		case e == nil:
			r.report.skip(path, "it only lists other pages")
		default:
			entries = append(entries, e)
		}
	}
	for chunk := range slices.Chunk(entries, lookups) {
		if err := r.recall(ctx, chunk); err != nil {
			return nil, err
		}
	}
	r.index.add(entries, r.source)
	return entries, nil
}

// recall sets what earlier imports know of entries, and the document of each.
func (r *run) recall(ctx context.Context, entries []*entry) error {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	rows, err := r.db.DB.ImportedFile.Query().Where(importedfile.IDIn(ids...)).All(ctx)
	if err != nil {
		return err
	}
	known, documents := make(map[string]*ent.ImportedFile, len(rows)), make([]uuid.UUID, len(rows))
	for i, row := range rows {
		known[row.ID], documents[i] = row, row.DocumentID
	}
	found, err := r.db.DB.Document.Query().Where(entdocument.IDIn(documents...)).IDs(ctx)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.old = known[e.id]; e.old == nil {
			e.document = schema.NewID()
			continue
		}
		e.document = e.old.DocumentID
		e.gone = !slices.Contains(found, e.document)
	}
	return nil
}

func (r *run) batch(ctx context.Context, entries []*entry) error {
	var will Report
	err := store.Prepared(func() (err error) {
		var writes []write
		if writes, will, err = r.prepare(ctx, entries); err != nil {
			return err
		}
		return r.db.Write(ctx, func(tx *store.Tx) error {
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
