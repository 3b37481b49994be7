package document

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/file"
	"docsquare/internal/errs"
	"docsquare/internal/fileuse"
	"docsquare/internal/store"
	"docsquare/internal/text/fileurl"
	"docsquare/internal/text/markdown"
)

// maxAttachments is how many attachments a document may have.
const maxAttachments = 50

// showsTooMuch reports whether a text shows more files than are kept of it. Few texts have to be parsed for that.
func showsTooMuch(d *ent.Document, body string) bool {
	return d.Format == document.FormatMD && strings.Count(body, fileurl.Path) > fileuse.MaxFiles && len(markdown.FilesOf(body)) > fileuse.MaxFiles
}

// holdFiles locks the files that a document names and that it did not name before, so that they cannot be deleted meanwhile. It returns
// NOT_FOUND for a file that is not the author's or not stored, and BAD_USER_INPUT for a cover that is no picture.
func holdFiles(ctx context.Context, tx *store.Tx, old, d *ent.Document) error {
	wanted := map[uuid.UUID]string{}
	for _, id := range d.AttachmentIds {
		if old == nil || !slices.Contains(old.AttachmentIds, id) {
			wanted[id] = "attachmentIds"
		}
	}
	if d.FileID != nil && old == nil {
		wanted[*d.FileID] = "fileId"
	}
	if d.CoverID != nil && (old == nil || old.CoverID == nil || *old.CoverID != *d.CoverID) {
		wanted[*d.CoverID] = "coverId"
	}
	if len(wanted) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	mine := tx.File.Query().Where(file.IDIn(ids...), file.UserID(d.AuthorID), file.StatusEQ(file.StatusStored)).Order(ent.Asc(file.FieldID))
	found, err := store.ForUpdate(tx, mine).All(ctx)
	if err != nil {
		return err
	}
	for _, f := range found {
		if wanted[f.ID] == "coverId" && !fileurl.IsPicture(f.ContentType) {
			return errs.BadInput("coverId", "a cover is a picture (PNG, JPEG, GIF or WebP), but this file is %s", f.ContentType)
		}
		delete(wanted, f.ID)
	}
	for _, field := range wanted {
		e := errs.Missing("file")
		e.Field = field
		return e
	}
	return nil
}

// filesOf returns what is known of the files of each document of Markdown: its attachments, its cover and the file that it is made of by
// their names, so that relative addresses in its text lead to them, and the sizes of its author's pictures.
func (s *Service) filesOf(ctx context.Context, documents []uuid.UUID) (map[uuid.UUID]markdown.Files, error) {
	found, err := s.ByIDs(ctx, documents)
	if err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	for _, d := range found {
		ids = append(ids, named(d)...)
	}
	var rows []*ent.File
	if len(ids) > 0 {
		if rows, err = s.store.DB.File.Query().Where(file.IDIn(ids...), file.StatusEQ(file.StatusStored)).All(ctx); err != nil {
			return nil, err
		}
	}
	files, out := store.ByKey(rows, func(f *ent.File) uuid.UUID { return f.ID }), map[uuid.UUID]markdown.Files{}
	for _, d := range found {
		known := markdown.Files{Sizes: s.sizes(ctx, d.AuthorID)}
		if names := byName(files, named(d)); len(names) > 0 {
			known.Named = func(name string) (uuid.UUID, bool) {
				ids := names[norm.NFC.String(name)]
				if len(ids) != 1 {
					return uuid.Nil, false
				}
				return ids[0], true
			}
		}
		out[d.ID] = known
	}
	return out, nil
}

// sizes returns a function that reads the sizes of an author's pictures. What a text shows of other accounts has none: a size would tell of
// a private file.
func (s *Service) sizes(ctx context.Context, author uuid.UUID) markdown.Sizes {
	return func(ids []uuid.UUID) (map[uuid.UUID]markdown.Size, error) {
		ids = ids[:min(len(ids), fileuse.MaxFiles)]
		rows, err := s.store.DB.File.Query().Where(file.IDIn(ids...), file.UserID(author), file.StatusEQ(file.StatusStored)).WithBlob().All(ctx)
		out := make(map[uuid.UUID]markdown.Size, len(rows))
		for _, f := range rows {
			if b := f.Edges.Blob; b != nil {
				out[f.ID] = markdown.Size{Width: b.Width, Height: b.Height}
			}
		}
		return out, err
	}
}

// named returns the files that a document names, apart from those in its text.
func named(d *ent.Document) []uuid.UUID {
	ids := slices.Clone(d.AttachmentIds)
	for _, id := range []*uuid.UUID{d.CoverID, d.FileID} {
		if id != nil && !slices.Contains(ids, *id) {
			ids = append(ids, *id)
		}
	}
	return ids
}

func byName(files map[uuid.UUID]*ent.File, ids []uuid.UUID) map[string][]uuid.UUID {
	names := map[string][]uuid.UUID{}
	for _, id := range ids {
		if f := files[id]; f != nil {
			name := norm.NFC.String(f.Name)
			names[name] = append(names[name], id)
		}
	}
	return names
}

// distinctFiles drops repeated files and keeps the order.
func distinctFiles(ids []uuid.UUID) []uuid.UUID {
	out := make([]uuid.UUID, 0, len(ids))
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
