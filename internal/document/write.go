package document

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/auditentry"
	"docsquare/ent/document"
	"docsquare/ent/schema"
	"docsquare/internal/audit"
	"docsquare/internal/counters"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/fileuse"
	"docsquare/internal/idempotency"
	"docsquare/internal/kinds"
	"docsquare/internal/removal"
	"docsquare/internal/search"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
	"docsquare/internal/viewer"
)

// Draft is a document to create.
type Draft struct {
	Title       string
	Summary     *string // nil: that of the text, see markdown.Describe
	Body        string
	Format      document.Format
	Visibility  document.Visibility
	Category    *string
	Tags        []string
	File        *uuid.UUID  // a stored file of the author's that it is made of; nil: it is written
	Cover       *uuid.UUID  // a stored picture of the author's
	Attachments []uuid.UUID // stored files of the author's
	Key         *idempotency.Key
}

// Change is a change to a document. Nil fields keep their value.
type Change struct {
	ExpectedRevision int
	Title            *string
	Summary          *string
	Body             *string
	Format           *document.Format
	Visibility       *document.Visibility
	Category         **string    // points to nil to take the document out of its category
	Tags             []string    // nil keeps them
	Cover            **uuid.UUID // points to nil to take the cover away
	Attachments      []uuid.UUID // nil keeps them
}

// Create writes a new document of the viewer. It returns UNAUTHENTICATED for a guest, BAD_USER_INPUT for bad fields and
// NOT_FOUND for a file that is not the viewer's, or not stored.
func (s *Service) Create(ctx context.Context, v viewer.Viewer, draft Draft) (*ent.Document, error) {
	author, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	d, body, err := draft.Check()
	if err != nil {
		return nil, err
	}
	d.AuthorID = author
	p := Prepare(s.index, d, body)
	p.quota = s.quota
	id, known, err := idempotency.Do(ctx, s.store, draft.Key, func() (uuid.UUID, error) {
		var id uuid.UUID
		err := s.store.Write(ctx, func(tx *store.Tx) error {
			if d, err = Insert(ctx, tx, p); err != nil {
				return err
			}
			id = d.ID
			return draft.Key.Keep(ctx, tx, id)
		})
		return id, err
	})
	if err != nil || !known {
		return d, err
	}
	d, err = s.store.DB.Document.Query().Where(document.ID(id), present.Document()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, idempotency.Deleted("document")
	}
	return d, err
}

// Insert writes a new document with its first revision, its tags and its place in the counters.
func Insert(ctx context.Context, tx *store.Tx, p Prepared) (*ent.Document, error) {
	d := p.next
	if err := holdFiles(ctx, tx, nil, d); err != nil {
		return nil, err
	}
	if err := counters.Name(ctx, tx, d.Category); err != nil {
		return nil, err
	}
	tags, err := spelled(ctx, tx, d)
	if err != nil {
		return nil, err
	}
	create := tx.Document.Create().SetAuthorID(d.AuthorID).SetTitle(d.Title).SetSummary(d.Summary).SetFormat(d.Format).
		SetVisibility(d.Visibility).SetNillableCategory(d.Category).SetTags(tags).SetNillableSource(d.Source).SetNillableFileID(d.FileID).
		SetNillableCoverID(d.CoverID)
	if d.ID != uuid.Nil {
		create.SetID(d.ID)
	}
	if len(d.AttachmentIds) > 0 {
		create.SetAttachmentIds(d.AttachmentIds)
	}
	if !d.CreatedAt.IsZero() {
		create.SetCreatedAt(d.CreatedAt).SetUpdatedAt(d.UpdatedAt)
	}
	if d.Visibility == document.VisibilityPublic {
		create.SetPublishedAt(schema.Now())
		create.SetNillablePublishedAt(d.PublishedAt)
	}
	created, err := create.Save(ctx)
	if err != nil {
		return nil, err
	}
	if err := keep(ctx, tx, created, *p.body, p.quota); err != nil {
		return nil, err
	}
	if err := counters.Begin(ctx, tx, created); err != nil {
		return nil, err
	}
	tx.Invalidate(created)
	if err := list(ctx, tx, created, 1); err != nil {
		return nil, err
	}
	if len(p.files) > 0 {
		if err := fileuse.Put(ctx, tx, created, p.files); err != nil {
			return nil, err
		}
	}
	return created, search.Put(ctx, tx, created, p.entry)
}

// keep writes a revision with the current state of the document.
func keep(ctx context.Context, tx *store.Tx, d *ent.Document, body string, quota int64) error {
	textusage.Add(tx, d.AuthorID, len(body), quota)
	return tx.Revision.Create().SetDocumentID(d.ID).SetNumber(d.Revision).SetTitle(d.Title).SetSummary(d.Summary).
		SetBody(body).SetCreatedAt(d.UpdatedAt).Exec(ctx)
}

// list counts a public document in or out of the tech square.
func list(ctx context.Context, tx *store.Tx, d *ent.Document, delta int) error {
	if d.Visibility != document.VisibilityPublic {
		return nil
	}
	return counters.List(ctx, tx, d, delta)
}

// Update changes a document of the viewer and keeps the revision before. It returns CONFLICT with the current revision
// where the document has moved on, NOT_FOUND where the viewer cannot see it and FORBIDDEN where it is somebody else's.
func (s *Service) Update(ctx context.Context, v viewer.Viewer, id uuid.UUID, c Change) (*ent.Document, error) {
	return s.prepared(ctx, v, id, func(old *ent.Document, text string) (Prepared, error) {
		if old.Revision != c.ExpectedRevision {
			return Prepared{}, conflict(old)
		}
		return prepareChange(s.index, old, text, c)
	})
}

// Publish puts a document of the viewer into the tech square. Errors are those of Update without CONFLICT.
func (s *Service) Publish(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.Document, error) {
	return s.show(ctx, v, id, document.VisibilityPublic)
}

// Unpublish makes a document of the viewer private. Errors are those of Update without CONFLICT.
func (s *Service) Unpublish(ctx context.Context, v viewer.Viewer, id uuid.UUID) (*ent.Document, error) {
	return s.show(ctx, v, id, document.VisibilityPrivate)
}

// Delete deletes a document of the viewer with everything that belongs to it. If that is much, package removal deletes it after Delete has
// returned; no read finds it from then on. Errors are those of Update without CONFLICT.
func (s *Service) Delete(ctx context.Context, v viewer.Viewer, id uuid.UUID) error {
	if _, err := v.SignedIn(); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		d, err := editable(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if err := removal.Document(ctx, tx, d); err != nil {
			return err
		}
		return audit.Note(ctx, tx, v, audit.Event{Action: auditentry.ActionDocumentDeleted, Subject: d.NodeID().String()})
	})
}

// editable is a document that the viewer may change, held until the transaction ends.
func editable(ctx context.Context, tx *store.Tx, v viewer.Viewer, id uuid.UUID) (*ent.Document, error) {
	d, err := counters.Document(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return d, v.Rules().CheckEdits(d)
}

func (s *Service) show(ctx context.Context, v viewer.Viewer, id uuid.UUID, to document.Visibility) (*ent.Document, error) {
	return s.prepared(ctx, v, id, func(old *ent.Document, text string) (Prepared, error) {
		if old.Visibility == to {
			return Prepared{old: old}, nil
		}
		next := *old
		next.Visibility = to
		return Prepared{old: old, next: &next, entry: s.index.Analyse(&next, text), files: fileuse.Of(&next, text)}, nil
	})
}

// replace writes the next state of a document, which the caller holds. A body makes a new revision.
func replace(ctx context.Context, tx *store.Tx, p Prepared) (*ent.Document, error) {
	old, next, body := p.old, p.next, p.body
	if err := holdFiles(ctx, tx, old, next); err != nil {
		return nil, err
	}
	moved, tags := moves(old, next), next.Tags
	if moved {
		if err := counters.Hold(ctx, tx, old, next); err != nil {
			return nil, err
		}
		if err := list(ctx, tx, old, -1); err != nil {
			return nil, err
		}
		var err error
		if tags, err = spelled(ctx, tx, next); err != nil {
			return nil, err
		}
	}
	update := tx.Document.UpdateOneID(old.ID).SetTitle(next.Title).SetSummary(next.Summary).SetFormat(next.Format).
		SetVisibility(next.Visibility).SetTags(tags)
	if body != nil {
		update.AddRevision(1)
	}
	if next.Category == nil {
		update.ClearCategory()
	} else {
		update.SetCategory(*next.Category)
	}
	if len(next.AttachmentIds) == 0 {
		update.ClearAttachmentIds()
	} else {
		update.SetAttachmentIds(next.AttachmentIds)
	}
	if next.CoverID == nil {
		update.ClearCoverID()
	} else {
		update.SetCoverID(*next.CoverID)
	}
	if next.Visibility == document.VisibilityPublic && old.PublishedAt == nil {
		update.SetPublishedAt(schema.Now())
	}
	saved, err := update.Save(ctx)
	if err != nil {
		return nil, err
	}
	if body != nil {
		if err := keep(ctx, tx, saved, *body, p.quota); err != nil {
			return nil, err
		}
	}
	tx.Invalidate(old, saved)
	if hidden(old) != hidden(saved) {
		tx.Invalidate(kinds.VisibilityChange{})
	}
	if !hidden(old) || !hidden(saved) {
		if err := fileuse.Put(ctx, tx, saved, p.files); err != nil {
			return nil, err
		}
	}
	if moved {
		if err := list(ctx, tx, saved, 1); err != nil {
			return nil, err
		}
	}
	if old.Visibility != document.VisibilityPublic && p.entry == nil {
		return saved, nil
	}
	return saved, search.Put(ctx, tx, saved, p.entry)
}

// moves reports whether a change moves the document from one counted list to another.
func moves(old, next *ent.Document) bool {
	return old.Visibility != next.Visibility || old.Format != next.Format || !same(old.Category, next.Category) || !slices.Equal(old.Tags, next.Tags)
}

func hidden(d *ent.Document) bool { return d.Visibility == document.VisibilityPrivate }
