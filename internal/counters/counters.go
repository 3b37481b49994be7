// Package counters keeps the counters that change in the transaction of the facts that they count: how documents were received, what
// accounts have done, how many documents categories and tags have. It makes no decision about permissions.
package counters

import (
	"context"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	"docsquare/ent/documenttag"
	"docsquare/ent/predicate"
	enttag "docsquare/ent/tag"
	"docsquare/ent/userstats"
	"docsquare/internal/errs"
	"docsquare/internal/store"
	"docsquare/internal/store/present"
)

// Writers hold what they change in one order, so that none waits for another in a ring: documents by identifier, their
// accounts, categories, tags, the statistics of documents by identifier, and at last those of accounts by identifier.

// Document returns the current document, locked against other writers until the transaction ends. It returns NOT_FOUND if
// there is no such document, or if it is being removed.
func Document(ctx context.Context, tx *store.Tx, id uuid.UUID) (*ent.Document, error) {
	q := store.ForUpdate(tx, tx.Document.Query().Where(document.ID(id), present.Document()))
	d, err := q.Only(ctx)
	if ent.IsNotFound(err) {
		return nil, errs.Missing("document")
	}
	return d, err
}

// List counts a document that enters the tech square (+1), or leaves it (-1), in its category, its tags, its author's
// statistics and the counters of the site.
func List(ctx context.Context, tx *store.Tx, d *ent.Document, delta int) error {
	if err := place(ctx, tx, d, delta); err != nil {
		return err
	}
	tx.Invalidate(&ent.UserStats{UserID: d.AuthorID})
	return tx.UserStats.Update().Where(userstats.UserID(d.AuthorID)).AddDocuments(delta).Exec(ctx)
}

// place is List without the author's statistics.
func place(ctx context.Context, tx *store.Tx, d *ent.Document, delta int) error {
	if d.Category != nil {
		if err := tx.Category.Update().Where(category.Name(*d.Category)).AddDocuments(delta).Exec(ctx); err != nil {
			return err
		}
	}
	if err := carry(ctx, tx, d, delta); err != nil {
		return err
	}
	st, err := received(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if delta < 0 {
		countSite(tx, st, -1)
	}
	st.Listed, st.Format, st.Category = delta > 0, string(d.Format), d.Category
	countSite(tx, st, 1)
	return write(ctx, tx, []*ent.DocumentStats{st})
}

// received is how a document was received, held against other writers.
func received(ctx context.Context, tx *store.Tx, document uuid.UUID) (*ent.DocumentStats, error) {
	held, err := receivedBy(ctx, tx, []uuid.UUID{document})
	if err == nil && len(held) == 0 {
		err = errs.Missing("document")
	}
	if err != nil {
		return nil, err
	}
	return held[0], nil
}

// carry counts the tags of a document in or out. Only a document that is in the square carries tags.
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

// carriedBy is the tags that a document carries, held in the order of their identifiers before the first is changed.
func carriedBy(id uuid.UUID) predicate.Tag {
	return func(sel *entsql.Selector) {
		b := entsql.Dialect(sel.Dialect())
		t, c := b.Table(enttag.Table).As("held"), b.Table(documenttag.Table)
		carried := b.Select(c.C(documenttag.FieldTagID)).From(c).Where(entsql.EQ(c.C(documenttag.FieldDocumentID), id))
		held := b.Select(t.C(enttag.FieldID)).From(t).Where(entsql.In(t.C(enttag.FieldID), carried)).OrderBy(t.C(enttag.FieldID))
		if sel.Dialect() == dialect.Postgres {
			held.ForUpdate()
		}
		sel.Where(entsql.In(sel.C(enttag.FieldID), held))
	}
}

// Name sees to it that the category exists, so that it can be counted.
func Name(ctx context.Context, tx *store.Tx, name *string) error {
	if name == nil {
		return nil
	}
	return tx.Category.Create().SetName(*name).SetFolded(strings.ToLower(*name)).OnConflictColumns(category.FieldName).Ignore().Exec(ctx)
}

// Hold sees to it that the categories and tags of the documents exist, and holds them, in one order for every writer, before
// a document that is counted moves from some to others.
func Hold(ctx context.Context, tx *store.Tx, docs ...*ent.Document) error {
	var categories, tags []string
	for _, d := range docs {
		if d.Category != nil {
			categories = append(categories, *d.Category)
		}
		tags = append(tags, d.Tags...)
	}
	slices.Sort(categories)
	for _, name := range slices.Compact(categories) {
		if err := Name(ctx, tx, &name); err != nil {
			return err
		}
	}
	if err := nameTags(ctx, tx, tags); err != nil {
		return err
	}
	heldCategories := store.ForUpdate(tx, tx.Category.Query().Where(category.NameIn(categories...)).Order(ent.Asc(category.FieldID)))
	heldTags := store.ForUpdate(tx, tx.Tag.Query().Where(enttag.NameIn(tags...)).Order(ent.Asc(enttag.FieldID)))
	if _, err := heldCategories.IDs(ctx); err != nil {
		return err
	}
	_, err := heldTags.IDs(ctx)
	return err
}

// nameTags sees to it that the tags exist.
func nameTags(ctx context.Context, tx *store.Tx, names []string) error {
	if len(names) == 0 {
		return nil
	}
	names = slices.Compact(slices.Sorted(slices.Values(names))) // in one order for every writer, so that none waits for another in a ring
	create := make([]*ent.TagCreate, len(names))
	for i, name := range names {
		create[i] = tx.Tag.Create().SetName(name).SetFolded(strings.ToLower(name))
	}
	return tx.Tag.CreateBulk(create...).OnConflictColumns(enttag.FieldName).Ignore().Exec(ctx)
}

// tag writes down which tags a document carries.
func tag(ctx context.Context, tx *store.Tx, d *ent.Document) error {
	if len(d.Tags) == 0 {
		return nil
	}
	if err := nameTags(ctx, tx, d.Tags); err != nil {
		return err
	}
	ids, err := tx.Tag.Query().Where(enttag.NameIn(d.Tags...)).IDs(ctx)
	if err != nil {
		return err
	}
	carry := make([]*ent.DocumentTagCreate, len(ids))
	for i, id := range ids {
		carry[i] = tx.DocumentTag.Create().SetDocumentID(d.ID).SetTagID(id).SetCreatedAt(d.CreatedAt).SetNillablePublishedAt(d.PublishedAt)
	}
	return tx.DocumentTag.CreateBulk(carry...).Exec(ctx)
}
