package counters

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/documenttag"
	enttag "docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// refold brings the keys of all tags up to date, and makes one tag of those that have the same key: the oldest gives its spelling. Documents
// lose the others and get the one tag in retag.
func refold(ctx context.Context, s *store.Store) error {
	for last, more := 0, true; more; {
		found, err := s.DB.Tag.Query().Where(enttag.IDGT(last)).Order(ent.Asc(enttag.FieldID)).Limit(partSize).All(ctx)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, t := range found {
			if key := plaintext.TagKey(t.Name); key != t.Folded {
				if err := refoldOne(ctx, s, t, key); err != nil {
					return err
				}
			}
		}
		last, more = found[len(found)-1].ID, len(found) == partSize
	}
	return nil
}

func refoldOne(ctx context.Context, s *store.Store, t *ent.Tag, key string) error {
	for again := true; again; {
		err := s.Write(ctx, func(tx *store.Tx) error {
			same, err := store.ForUpdate(tx, tx.Tag.Query().Where(enttag.Or(enttag.ID(t.ID), enttag.Folded(key))).Order(ent.Asc(enttag.FieldID))).All(ctx)
			if err != nil {
				return err
			}
			again, err = merge(ctx, tx, key, same)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// merge deletes the second of the tags with a key: its rows first, a bounded number at a time. A tag that is alone gets the key. It returns
// whether something is left to do.
func merge(ctx context.Context, tx *store.Tx, key string, same []*ent.Tag) (again bool, err error) {
	switch len(same) {
	case 0: // deleted meanwhile
		return false, nil
	case 1:
		tx.Invalidate(same[0])
		return false, tx.Tag.UpdateOneID(same[0].ID).SetFolded(key).Exec(ctx)
	}
	younger := same[1]
	tx.Invalidate(younger)
	rows, err := tx.DocumentTag.Query().Where(documenttag.TagID(younger.ID)).Limit(partSize).IDs(ctx)
	if err != nil {
		return false, err
	}
	if len(rows) > 0 {
		_, err := tx.DocumentTag.Delete().Where(documenttag.IDIn(rows...)).Exec(ctx)
		return true, err
	}
	return true, tx.Tag.DeleteOneID(younger.ID).Exec(ctx)
}

// retag has public documents carry the tags that they name, and name them as they are spelled in the tech square. It holds the documents.
func retag(ctx context.Context, tx *store.Tx, ids []uuid.UUID) error {
	docs, err := Documents(ctx, tx, ids...)
	if err != nil {
		return err
	}
	var names []string
	docs = slices.DeleteFunc(docs, func(d *ent.Document) bool { return d.Visibility != document.VisibilityPublic })
	for _, d := range docs {
		names = append(names, d.Tags...)
	}
	tags, err := holdNamed(ctx, tx, names)
	if err != nil {
		return err
	}
	rows, err := tx.DocumentTag.Query().Where(documenttag.DocumentIDIn(ent.Documents(docs).IDs()...)).All(ctx)
	if err != nil {
		return err
	}
	carried := map[uuid.UUID][]*ent.DocumentTag{}
	for _, row := range rows {
		carried[row.DocumentID] = append(carried[row.DocumentID], row)
	}
	var surplus []int
	var missing []*ent.DocumentTagCreate
	for _, d := range docs {
		wanted, err := respell(ctx, tx, d, tags)
		if err != nil {
			return err
		}
		for _, row := range carried[d.ID] {
			if !wanted[row.TagID] {
				surplus = append(surplus, row.ID)
			}
			delete(wanted, row.TagID)
		}
		for id := range wanted {
			missing = append(missing, carries(tx, d, id))
		}
	}
	return recarry(ctx, tx, surplus, missing)
}

// respell spells the tags of a document, and returns their identifiers.
func respell(ctx context.Context, tx *store.Tx, d *ent.Document, tags map[string]*ent.Tag) (map[int]bool, error) {
	wanted, spelled := map[int]bool{}, make([]string, 0, len(d.Tags))
	for _, name := range d.Tags {
		if t := tags[plaintext.TagKey(name)]; !wanted[t.ID] {
			wanted[t.ID] = true
			spelled = append(spelled, t.Name)
		}
	}
	if slices.Equal(spelled, d.Tags) {
		return wanted, nil
	}
	tx.Invalidate(d)
	return wanted, tx.Document.UpdateOneID(d.ID).SetTags(spelled).SetUpdatedAt(d.UpdatedAt).Exec(ctx)
}

func recarry(ctx context.Context, tx *store.Tx, surplus []int, missing []*ent.DocumentTagCreate) error {
	if len(surplus) > 0 {
		if _, err := tx.DocumentTag.Delete().Where(documenttag.IDIn(surplus...)).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(missing, partSize) {
		if err := tx.DocumentTag.CreateBulk(part...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
