package counters

import (
	"context"
	"slices"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/documenttag"
	"docsquare/ent/predicate"
	enttag "docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// A tag has one row for all its spellings, which its key identifies (plaintext.TagKey). It is shown as the first public document spells it:
// the documents that become public later take over that spelling. If no public document carries the tag any more, the next one
// decides again. Private documents keep their own spelling, and decide nothing.

// Spell returns tags as they are spelled in the tech square, each once, for a document that is about to be public. It holds them.
func Spell(ctx context.Context, tx *store.Tx, tags []string) ([]string, error) {
	held, err := holdNamed(ctx, tx, tags)
	if err != nil {
		return nil, err
	}
	spelled := make([]string, 0, len(tags))
	for _, name := range tags {
		t := held[plaintext.TagKey(name)]
		if t.Documents == 0 && t.Name != name && !slices.Contains(spelled, t.Name) {
			if err := tx.Tag.UpdateOneID(t.ID).SetName(name).Exec(ctx); err != nil {
				return nil, err
			}
			t.Name = name
		}
		if !slices.Contains(spelled, t.Name) {
			spelled = append(spelled, t.Name)
		}
	}
	return spelled, nil
}

// holdNamed sees to it that tags exist, and holds them. It returns them by their keys.
func holdNamed(ctx context.Context, tx *store.Tx, names []string) (map[string]*ent.Tag, error) {
	if err := nameTags(ctx, tx, names); err != nil {
		return nil, err
	}
	held, err := holdTags(ctx, tx, names)
	return store.ByKey(held, func(t *ent.Tag) string { return t.Folded }), err
}

// nameTags sees to it that the tags exist.
func nameTags(ctx context.Context, tx *store.Tx, names []string) error {
	first := map[string]string{}
	for _, name := range names {
		if key := plaintext.TagKey(name); first[key] == "" {
			first[key] = name
		}
	}
	keys := keysOf(names) // in one order for every writer, so that none waits for another in a ring
	if len(keys) == 0 {
		return nil
	}
	create := make([]*ent.TagCreate, len(keys))
	for i, key := range keys {
		create[i] = tx.Tag.Create().SetName(first[key]).SetFolded(key)
	}
	return tx.Tag.CreateBulk(create...).OnConflictColumns(enttag.FieldFolded).Ignore().Exec(ctx)
}

// keysOf returns the keys of tags, each once and in their order.
func keysOf(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = plaintext.TagKey(name)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// holdTags returns the tags that there are, held in the order of their identifiers.
func holdTags(ctx context.Context, tx *store.Tx, names []string) ([]*ent.Tag, error) {
	if len(names) == 0 {
		return nil, nil
	}
	return store.ForUpdate(tx, tx.Tag.Query().Where(enttag.FoldedIn(keysOf(names)...)).Order(ent.Asc(enttag.FieldID))).All(ctx)
}

// carry counts the tags of a document in or out. Only a document that is in the square carries tags, and those are named.
func carry(ctx context.Context, tx *store.Tx, d *ent.Document, delta int) error {
	if delta > 0 {
		if err := tag(ctx, tx, d); err != nil {
			return err
		}
	}
	if err := tx.Tag.Update().Where(carriedBy(d.ID)).AddDocuments(delta).Exec(ctx); err != nil || delta > 0 {
		return err
	}
	_, err := tx.DocumentTag.Delete().Where(documenttag.DocumentID(d.ID)).Exec(ctx)
	return err
}

// tag writes down which tags a document carries.
func tag(ctx context.Context, tx *store.Tx, d *ent.Document) error {
	if len(d.Tags) == 0 {
		return nil
	}
	ids, err := tx.Tag.Query().Where(enttag.FoldedIn(keysOf(d.Tags)...)).IDs(ctx)
	if err != nil {
		return err
	}
	rows := make([]*ent.DocumentTagCreate, len(ids))
	for i, id := range ids {
		rows[i] = carries(tx, d, id)
	}
	return tx.DocumentTag.CreateBulk(rows...).Exec(ctx)
}

func carries(tx *store.Tx, d *ent.Document, tag int) *ent.DocumentTagCreate {
	return tx.DocumentTag.Create().SetDocumentID(d.ID).SetTagID(tag).SetCreatedAt(d.CreatedAt).SetNillablePublishedAt(d.PublishedAt)
}

// carriedBy is the tags that a document carries, held in the order of their identifiers before the first is changed.
func carriedBy(id uuid.UUID) predicate.Tag {
	return func(sel *entsql.Selector) {
		b := entsql.Dialect(sel.Dialect())
		t, c := b.Table(enttag.Table).As("held"), b.Table(documenttag.Table)
		carried := b.Select(c.C(documenttag.FieldTagID)).From(c).Where(entsql.EQ(c.C(documenttag.FieldDocumentID), id))
		held := b.Select(t.C(enttag.FieldID)).From(t).Where(entsql.In(t.C(enttag.FieldID), carried)).OrderBy(t.C(enttag.FieldID))
		if sel.Dialect() == dialect.Postgres {
			held.ForUpdate(store.RowLock())
		}
		sel.Where(entsql.In(sel.C(enttag.FieldID), held))
	}
}
