package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/category"
	"docsquare/ent/document"
	"docsquare/ent/tag"
	"docsquare/internal/store"
	"docsquare/internal/text/plaintext"
)

// written is a document to write, with its text.
type written struct {
	*ent.Document
	body string
}

const (
	documentSpan = 2 * 365 * 24 * time.Hour // how long ago the first was written
	publicShare  = 0.95
	batchWritten = 500 // documents of one statement: five tables, a dozen columns
)

// write writes documents by the readers, unless as many with the same seed are there. Their places in the search index, in
// statistics and in lists by tag are derived afterwards: see Run.
func (c *community) write(ctx context.Context) error {
	if c.o.Documents == 0 {
		return nil
	}
	present, err := c.store.DB.Document.Query().Where(document.SourceHasPrefix(c.source(""))).Count(ctx)
	if err != nil || present >= c.o.Documents {
		return err
	}
	tags, err := c.nameTopics(ctx)
	if err != nil {
		return err
	}
	r := c.random(writeStage)
	rows := func(yield func(written) bool) {
		for n := range c.o.Documents {
			w := c.document(r, n)
			if n >= present && !yield(w) {
				return
			}
		}
	}
	return write(ctx, c, "documents", rows, c.o.Documents-present, func(tx *store.Tx, rows []written) error {
		return insertWritten(ctx, tx, rows, tags)
	})
}

func (c *community) source(n string) string { return fmt.Sprintf("seed %d/%s", c.o.Seed, n) }

// nameTopics sees to it that there is a category and a tag for every topic.
func (c *community) nameTopics(ctx context.Context) (map[string]int, error) {
	ids := map[string]int{}
	return ids, c.store.Write(ctx, func(tx *store.Tx) error {
		for _, name := range append(append([]string{}, englishCategories...), chineseCategories...) {
			if err := tx.Category.Create().SetName(name).SetFolded(name).OnConflictColumns(category.FieldName).Ignore().Exec(ctx); err != nil {
				return err
			}
		}
		for _, name := range append(append([]string{}, englishTags...), chineseTags...) {
			if err := tx.Tag.Create().SetName(name).SetFolded(plaintext.TagKey(name)).OnConflictColumns(tag.FieldFolded).Ignore().Exec(ctx); err != nil {
				return err
			}
		}
		found, err := tx.Tag.Query().All(ctx)
		for _, t := range found {
			ids[t.Folded] = t.ID
		}
		return err
	})
}

// document is the n-th document. It draws the same numbers wherever it is in the story.
func (c *community) document(r *rand.Rand, n int) written {
	step := documentSpan / time.Duration(c.o.Documents)
	at := c.o.Now.Add(-documentSpan + time.Duration(n)*step).Truncate(time.Microsecond)
	l := english
	if r.Float64() < 0.5 {
		l = chineseLanguage
	}
	topic := l.topic(r)
	author, source := c.readers[r.IntN(len(c.readers))], c.source(fmt.Sprint(n))
	d := &ent.Document{
		ID: newID(r, at), AuthorID: author.id, Title: l.title(r, topic, n), Summary: l.sentence(r, topic), Format: document.FormatMD,
		Visibility: document.VisibilityPublic, Category: &l.categories[r.IntN(len(l.categories))], CreatedAt: at, UpdatedAt: at, Source: &source,
	}
	if r.Float64() < 0.2 {
		d.Format = document.FormatTXT
	}
	if r.Float64() > publicShare {
		d.Visibility = document.VisibilityPrivate
	}
	first := r.IntN(len(l.tags))
	d.Tags = []string{l.tags[first], l.tags[(first+1+r.IntN(len(l.tags)-1))%len(l.tags)]}
	return written{d, l.body(r, d.Title, topic)}
}

func insertWritten(ctx context.Context, tx *store.Tx, all []written, tags map[string]int) error {
	for len(all) > 0 {
		rows := all[:min(batchWritten, len(all))]
		all = all[len(rows):]
		if err := insertDocuments(ctx, tx, rows); err != nil {
			return err
		}
		var carried []*ent.DocumentTagCreate
		for _, w := range rows {
			for _, t := range w.Tags {
				if w.Visibility == document.VisibilityPublic {
					carried = append(carried, tx.DocumentTag.Create().SetDocumentID(w.ID).SetTagID(tags[plaintext.TagKey(t)]).SetCreatedAt(w.CreatedAt).SetPublishedAt(w.CreatedAt))
				}
			}
		}
		if err := tx.DocumentTag.CreateBulk(carried...).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func insertDocuments(ctx context.Context, tx *store.Tx, rows []written) error {
	err := tx.Document.MapCreateBulk(rows, func(create *ent.DocumentCreate, i int) {
		d := rows[i]
		create.SetID(d.ID).SetAuthorID(d.AuthorID).SetTitle(d.Title).SetSummary(d.Summary).SetFormat(d.Format).SetVisibility(d.Visibility).
			SetNillableCategory(d.Category).SetTags(d.Tags).SetCreatedAt(d.CreatedAt).SetUpdatedAt(d.UpdatedAt).SetNillableSource(d.Source)
		if d.Visibility == document.VisibilityPublic {
			create.SetPublishedAt(d.CreatedAt)
		}
	}).Exec(ctx)
	if err != nil {
		return err
	}
	err = tx.Revision.MapCreateBulk(rows, func(create *ent.RevisionCreate, i int) {
		d := rows[i]
		create.SetID(uuid.UUID(d.ID)).SetDocumentID(d.ID).SetNumber(1).SetTitle(d.Title).SetSummary(d.Summary).SetBody(d.body).SetCreatedAt(d.CreatedAt)
	}).Exec(ctx)
	if err != nil {
		return err
	}
	return tx.DocumentStats.MapCreateBulk(rows, func(create *ent.DocumentStatsCreate, i int) { create.SetDocumentID(rows[i].ID) }).Exec(ctx)
}
