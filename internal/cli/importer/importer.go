// Package importer brings a tree of Markdown and text files into the database, as often as one likes: a file that has not
// changed since leaves its document alone. It writes documents; it does not convert other formats.
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
	"docsquare/ent/schema"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/search"
	"docsquare/internal/store"
)

// batch is how many documents one transaction writes: enough to spare commits, few enough to let other writers in.
const batch = 50

// Open finds or opens the account of an author.
type Open func(ctx context.Context, username, displayName string) (uuid.UUID, error)

// Report is what an import did.
type Report struct {
	Created, Updated, Unchanged int
	Skipped                     []Skipped
}

// Skipped is a file or folder that was left out, and why.
type Skipped struct{ Path, Reason string }

// String is a summary in one line, without the names of the files.
func (r Report) String() string {
	return fmt.Sprintf("%d created, %d updated, %d unchanged, %d skipped", r.Created, r.Updated, r.Unchanged, len(r.Skipped))
}

// run is one import under way.
type run struct {
	store   *store.Store
	index   search.Index
	open    Open
	files   fs.FS
	authors map[string]uuid.UUID
	now     time.Time
	report  Report
}

// Run imports the .md, .markdown and .txt files of a tree as public documents and calls progress, which may be nil, after
// each 50 of them. What cannot be imported is in the report, with the reason. An error of the database or of open ends the
// import; the documents that the report counts by then are written, and a second run goes on from there.
func Run(ctx context.Context, s *store.Store, open Open, files fs.FS, progress func(done, total int)) (Report, error) {
	r := &run{store: s, index: search.New(s), open: open, files: files, authors: map[string]uuid.UUID{}, now: schema.Now()}
	paths, err := r.walk()
	if err != nil {
		return r.report, fmt.Errorf("the folder to import: %w", err)
	}
	done := 0
	for chunk := range slices.Chunk(paths, batch) {
		if err := r.batch(ctx, chunk); err != nil {
			return r.report, err
		}
		if done += len(chunk); progress != nil {
			progress(done, len(paths))
		}
	}
	return r.report, nil
}

// entry is a file that can be imported.
type entry struct {
	path, source string
	draft        document.Draft
	author       author
	at           time.Time
}

func (r *run) batch(ctx context.Context, paths []string) error {
	entries := make([]entry, 0, len(paths))
	for _, path := range paths {
		e, reason := r.read(path)
		if reason != "" {
			r.skip(path, reason)
			continue
		}
		if err := r.account(ctx, e.author); err != nil {
			return fmt.Errorf("the author %s of %s: %w", e.author.username, path, err)
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil
	}
	var counted Report // into the report once they are committed
	err := store.Prepared(func() error {
		writes, will, err := r.prepare(ctx, entries)
		if err != nil {
			return err
		}
		counted = will
		return r.store.Write(ctx, func(tx *store.Tx) error {
			for _, write := range writes {
				if err := write(tx); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	r.report.Created += counted.Created
	r.report.Updated += counted.Updated
	r.report.Unchanged += counted.Unchanged
	return nil
}

// account opens the author's account before the transaction: it needs its own.
func (r *run) account(ctx context.Context, a author) error {
	if _, ok := r.authors[a.username]; ok {
		return nil
	}
	id, err := r.open(ctx, a.username, a.name)
	r.authors[a.username] = id
	return err
}

// prepare returns what writes the entries, without work that a transaction would wait for, and what it will have done.
func (r *run) prepare(ctx context.Context, entries []entry) (writes []func(tx *store.Tx) error, will Report, err error) {
	known, err := imported(ctx, r.store.DB, entries)
	if err != nil {
		return nil, will, err
	}
	for _, e := range entries {
		id, ok := known[e.source]
		if !ok {
			p, err := r.create(e)
			if err != nil {
				return nil, will, fmt.Errorf("%s: %w", e.path, err)
			}
			will.Created++
			writes = append(writes, func(tx *store.Tx) error {
				if _, err := document.Insert(ctx, tx, p); err != nil {
					return fmt.Errorf("%s: %w", e.path, err)
				}
				return nil
			})
			continue
		}
		renewal, changed, err := document.PrepareRenewal(ctx, r.index, r.store.DB, id, e.draft)
		if err != nil {
			return nil, will, fmt.Errorf("%s: %w", e.path, err)
		}
		if !changed {
			will.Unchanged++
			continue
		}
		will.Updated++
		writes = append(writes, func(tx *store.Tx) error {
			if err := renewal.Write(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", e.path, err)
			}
			return nil
		})
	}
	return writes, will, nil
}

// imported is the documents that earlier imports have made of the entries, by source.
func imported(ctx context.Context, db *ent.Client, entries []entry) (map[string]uuid.UUID, error) {
	sources := make([]string, len(entries))
	for i, e := range entries {
		sources[i] = e.source
	}
	docs, err := db.Document.Query().Where(entdocument.SourceIn(sources...)).All(ctx)
	known := make(map[string]uuid.UUID, len(docs))
	for _, d := range docs {
		known[*d.Source] = d.ID
	}
	return known, err
}

func (r *run) create(e entry) (document.Prepared, error) {
	d, body, err := e.draft.Check()
	if err != nil {
		return document.Prepared{}, err
	}
	d.AuthorID, d.Source, d.CreatedAt, d.UpdatedAt = r.authors[e.author.username], &e.source, e.at, e.at
	return document.Prepare(r.index, d, body), nil
}

func (r *run) skip(path, reason string) {
	r.report.Skipped = append(r.report.Skipped, Skipped{Path: path, Reason: reason})
}

// refused is why a draft cannot be a document, empty where it can.
func refused(d document.Draft) string {
	_, _, err := d.Check()
	if e := errs.As(err); e != nil {
		return e.Message
	}
	return ""
}
