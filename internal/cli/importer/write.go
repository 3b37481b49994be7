package importer

import (
	"context"
	"fmt"

	"docsquare/ent"
	entdocument "docsquare/ent/document"
	"docsquare/internal/document"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// write writes one document.
type write func(tx *store.Tx) error

// prepare returns what writes the entries, without work that a transaction would wait for, and what the report counts then.
func (r *run) prepare(ctx context.Context, entries []*entry) (writes []write, will Report, err error) {
	for _, e := range entries {
		w, err := r.prepareOne(ctx, e, &will)
		if reason := errs.As(err); reason != nil {
			will.fail(e.path, reason.Message)
			continue
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

// prepareOne returns what writes an entry; nil if nothing does. An error with a code is the reason why it cannot be written.
func (r *run) prepareOne(ctx context.Context, e *entry, will *Report) (write, error) {
	body, err := r.body(e)
	if err != nil {
		return nil, err
	}
	p, err := r.plan(ctx, e, body)
	if err != nil {
		return nil, err
	}
	p.summarise(r, e)
	same := e.old != nil && e.old.Sha256 == e.sha256
	if same && e.old.Links == p.sum {
		will.Unchanged++
		return nil, nil //nolint:nilnil // there is nothing to write
	}
	if e.old == nil {
		return r.create(ctx, e, p, body, will)
	}
	return r.renew(ctx, e, p, body, same, will)
}

// draft returns the draft of an entry with its text, whose links are changed.
func (r *run) draft(ctx context.Context, e *entry, p *plan, body string) (document.Draft, error) {
	text, err := r.apply(ctx, e, p, body)
	if err != nil {
		return document.Draft{}, err
	}
	p.summarise(r, e)
	d := e.draft
	if d.Body = text; len(text) > plaintext.MaxText && len(body) <= plaintext.MaxText {
		d.Body = body
		p.remarks = append(p.remarks, "its links stay as they are: the text would be too long")
	}
	return d, nil
}

// create prepares the document of a file that no import knows.
func (r *run) create(ctx context.Context, e *entry, p plan, body string, will *Report) (write, error) {
	draft, err := r.draft(ctx, e, &p, body)
	if err != nil {
		return nil, err
	}
	d, text, err := draft.Check()
	if err != nil {
		return nil, err
	}
	d.ID, d.AuthorID, d.CreatedAt, d.UpdatedAt, d.PublishedAt = e.document, e.author.id, e.at, e.at, &e.at
	will.Created++
	if e.hidden != "" {
		will.Hidden = append(will.Hidden, Note{e.path, e.hidden})
	}
	will.remark(e, p)
	prepared := document.Prepare(r.search, d, text)
	return func(tx *store.Tx) error {
		d, err := document.Insert(ctx, tx, prepared)
		if err != nil {
			return err
		}
		return tx.ImportedFile.Create().SetID(e.id).SetDocumentID(d.ID).SetSha256(e.sha256).SetLinks(p.sum).Exec(ctx)
	}, nil
}

// renew prepares the change of the document of a file that has changed, or whose links lead elsewhere, if the document is as the import left
// it.
func (r *run) renew(ctx context.Context, e *entry, p plan, body string, same bool, will *Report) (write, error) {
	d, err := r.db.DB.Document.Query().Where(entdocument.ID(e.document)).Only(ctx)
	byHand := err == nil && d.UpdatedAt.After(e.old.ImportedAt)
	switch {
	case same && (byHand || ent.IsNotFound(err)):
		will.Unchanged++
		return nil, nil //nolint:nilnil // there is nothing to write
	case ent.IsNotFound(err):
		return nil, failure("the file has changed, but its document was deleted: rename the file to import it as another document")
	case err != nil:
		return nil, err
	case byHand && !r.Overwrite:
		return nil, failure("the file has changed, and so has its document, by hand: bring both together, or use --overwrite to replace the document (its revisions stay)")
	}
	draft, err := r.draft(ctx, e, &p, body)
	if err != nil {
		return nil, err
	}
	visibility := &draft.Visibility
	if byHand || same {
		visibility = nil // somebody may have unpublished it
	}
	renewal, changed, err := document.PrepareRenewal(ctx, r.search, r.db.DB, d.ID, draft, visibility)
	if err != nil {
		return nil, err
	}
	if changed {
		will.Updated++
	} else {
		will.Unchanged++
	}
	will.remark(e, p)
	return func(tx *store.Tx) error {
		if changed {
			if err := renewal.Write(ctx, tx); err != nil {
				return err
			}
		}
		return tx.ImportedFile.UpdateOneID(e.id).SetSha256(e.sha256).SetLinks(p.sum).Exec(ctx)
	}, nil
}
