package document

import (
	"context"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/revision"
	"docsquare/internal/errs"
	"docsquare/internal/fileuse"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/viewer"
)

// Prepared is a state of a document that is ready to be written: it is checked, and its text is analysed, so that a transaction only writes.
type Prepared struct {
	old   *ent.Document // that it was made from; nil: a new document
	next  *ent.Document // nil: old stays as it is
	body  *string       // the text of a new revision; nil: there is none
	entry *search.Entry // of next in the index
	files []uuid.UUID   // that next shows: see package fileuse
	quota int64         // bytes of the texts of the author; 0: no bound
}

// Prepare returns a new document, which was checked, with its text.
func Prepare(x search.Index, d *ent.Document, body string) Prepared {
	return Prepared{next: d, body: &body, entry: x.Analyse(d, body), files: fileuse.Of(d, body)}
}

// prepareChange returns a document as a change leaves it. Kept is its text until now.
func prepareChange(x search.Index, old *ent.Document, kept string, c Change) (Prepared, error) {
	next, body, err := c.apply(old, kept)
	if err != nil {
		return Prepared{}, err
	}
	if body != nil {
		kept = *body
	}
	return Prepared{old: old, next: next, body: body, entry: x.Analyse(next, kept), files: fileuse.Of(next, kept)}, nil
}

// stale reports whether a document has changed since the state was prepared.
func (p Prepared) stale(now *ent.Document) bool {
	return now.Revision != p.old.Revision || !now.UpdatedAt.Equal(p.old.UpdatedAt)
}

// read returns a document that the viewer may change, and its text, outside a transaction.
func (s *Service) read(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.Document, string, error) {
	d, err := s.store.DB.Document.Query().Where(document.ID(id), present.Document()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, "", errs.Missing("document")
	}
	if err == nil {
		err = v.Rules().CheckEdits(d)
	}
	if err != nil {
		return nil, "", err
	}
	text, err := textOf(ctx, s.store.DB, d)
	return d, text, err
}

// textOf is the text of a document as it was read. It returns store.ErrStale if the document has changed so much since that the text is gone.
func textOf(ctx context.Context, db *ent.Client, d *ent.Document) (string, error) {
	r, err := db.Revision.Query().Where(revision.DocumentID(d.ID), revision.Number(d.Revision)).Only(ctx)
	if ent.IsNotFound(err) {
		return "", store.ErrStale
	}
	if err != nil {
		return "", err
	}
	return r.Body, nil
}

// prepared writes a change of a document that the viewer may change. It is prepared again if others change the document meanwhile.
func (s *Service) prepared(ctx context.Context, v viewer.Viewer, id uuid.UUID, prepare func(old *ent.Document, text string) (Prepared, error)) (result *ent.Document, err error) {
	if _, err := v.SignedIn(); err != nil {
		return nil, err
	}
	err = store.Prepared(func() error {
		old, text, err := s.read(ctx, v, id)
		if err != nil {
			return err
		}
		p, err := prepare(old, text)
		if err != nil {
			return err
		}
		if p.next == nil {
			result = old
			return nil
		}
		return s.store.Write(ctx, func(tx *store.Tx) error {
			result, err = s.write(ctx, tx, v, p)
			return err
		})
	})
	return result, err
}

// write writes a prepared change of a document that the viewer may change. It returns store.ErrStale if others have changed it since.
func (s *Service) write(ctx context.Context, tx *store.Tx, v viewer.Viewer, p Prepared) (*ent.Document, error) {
	now, err := editable(ctx, tx, v, p.old.ID)
	if err != nil {
		return nil, err
	}
	if p.stale(now) {
		return nil, store.ErrStale
	}
	p.quota = s.quota
	return replace(ctx, tx, p)
}
