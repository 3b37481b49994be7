// Package seed fills a database with something to look at: sample documents for a first start, and a community of readers
// around the documents that are there. It is for trying things out and for measuring, not for a site with real readers.
package seed

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/document"
	"docsquare/ent/schema"
	"docsquare/internal/kinds"
	"docsquare/internal/store"
)

// Options configures the size of the community.
type Options struct {
	Documents    int                                 // to write first, by the readers, for those who have none or want more
	Users        int                                 // readers, at least 1
	Interactions int                                 // likes, favorites and comments together; views and likes of comments come in addition
	Seed         uint64                              // the same seed with the same documents makes the same community
	Now          time.Time                           // when the last of it happened; zero is the current moment
	Progress     func(stage string, done, total int) // called now and then; may be nil
}

// Likes and favorites are shares of the interactions, the rest are comments. A reader marks a document only once, so there
// are fewer if the readers have marked nearly every document.
const (
	likeShare      = 0.5
	favoriteShare  = 0.2
	replyShare     = 0.3 // of the comments
	viewsPerAction = 12
	viewDays       = 60
	leastViewDays  = 7
	mostDays       = 6_000_000 // of all documents
)

// How unevenly documents are read and readers read: Zipf's law, with an offset that keeps the first few from taking it all.
const (
	documentSlope, documentOffset = 1.2, 8
	readerSlope, readerOffset     = 1.1, 50
)

// target is a document that the readers gather around.
type target struct {
	id      uuid.UUID
	created time.Time
	chinese bool
}

// community is a seed under way.
type community struct {
	store   *store.Store
	o       Options
	readers []reader
	targets []target // the most popular first
}

// Run opens readers and has them write documents, where asked to, and like, keep, view and comment on the public ones, and like comments. What
// is derived from rows, such as statistics, is not written: derive it afterwards. A second run with the same options
// changes nothing but for views of days that have begun since. It fails where there is no public document.
func Run(ctx context.Context, s *store.Store, o Options) error {
	if o.Users < 1 || o.Interactions < 0 {
		return errors.New("a community has 1 user or more and 0 interactions or more")
	}
	if o.Now.IsZero() {
		o.Now = schema.Now()
	}
	c := &community{store: s, o: o}
	for _, stage := range []func(context.Context) error{c.open, c.write, c.gather, c.like, c.keep, c.comment, c.approve, c.view, c.tell} {
		if err := stage(ctx); err != nil {
			return err
		}
	}
	return nil
}

// random is the numbers of one stage: no stage depends on how many numbers another has drawn.
func (c *community) random(stage uint64) *rand.Rand {
	return rand.New(rand.NewPCG(c.o.Seed, stage)) //nolint:gosec // must be the same each time, keeps no secret
}

// The stages that draw numbers.
const (
	gatherStage = iota
	openStage
	likeStage
	keepStage
	commentStage
	viewStage
	writeStage
	approveStage
)

// gather puts the public documents into an order of popularity.
func (c *community) gather(ctx context.Context) error {
	public := c.store.DB.Document.Query().Where(document.VisibilityEQ(document.VisibilityPublic)).Order(ent.Asc(document.FieldCreatedAt, document.FieldID))
	docs, err := public.Select(document.FieldID, document.FieldCreatedAt, document.FieldTitle).All(ctx) //nolint:forbidigo // a million of them, for no cache
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		return errors.New("there is no public document to gather around: import some first")
	}
	for _, d := range docs {
		c.targets = append(c.targets, target{id: d.ID, created: d.CreatedAt, chinese: chinese(d.Title)})
	}
	c.random(gatherStage).Shuffle(len(c.targets), func(i, j int) { c.targets[i], c.targets[j] = c.targets[j], c.targets[i] })
	return nil
}

// moment is some moment after the one given and not after the end of the story, more likely a recent one. It draws two
// numbers wherever it lands, so that a later run draws the same.
func (c *community) moment(r *rand.Rand, after time.Time) time.Time {
	recent, at := r.Float64() < 0.6, r.Float64()
	span := c.o.Now.Sub(after)
	if month := 30 * 24 * time.Hour; recent && span > month {
		after, span = c.o.Now.Add(-month), month
	}
	if span < 2*time.Microsecond {
		return after
	}
	return after.Add(time.Microsecond + time.Duration(at*float64(span-time.Microsecond))).Truncate(time.Microsecond)
}

// newID makes a UUIDv7 of a moment and of the numbers drawn.
func newID(r *rand.Rand, at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|r.Uint64()>>48)
	binary.BigEndian.PutUint64(id[8:], r.Uint64())
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}

// tell invalidates the cache.
func (c *community) tell(ctx context.Context) error {
	return c.store.Write(ctx, func(tx *store.Tx) error {
		tx.Invalidate(kinds.AllData{})
		return nil
	})
}

func (c *community) progress(stage string, done, total int) {
	if c.o.Progress != nil {
		c.o.Progress(stage, done, total)
	}
}

// The sizes of writes: rows of a statement, which SQLite limits by its variables, and rows of a transaction.
const (
	statementRows   = 1000
	transactionRows = 2000
)

// write writes rows in transactions of a bearable size.
func write[T any](ctx context.Context, c *community, stage string, rows func(yield func(T) bool), total int, statement func(tx *store.Tx, rows []T) error) error {
	done, waiting := 0, make([]T, 0, min(total, transactionRows))
	flush := func() error {
		err := c.store.Write(ctx, func(tx *store.Tx) error {
			for chunk := range slices.Chunk(waiting, statementRows) {
				if err := statement(tx, chunk); err != nil {
					return err
				}
			}
			return nil
		})
		done, waiting = done+len(waiting), waiting[:0]
		c.progress(stage, done, max(total, done))
		return err
	}
	for row := range rows {
		if waiting = append(waiting, row); len(waiting) == transactionRows {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	err := flush()
	if err == nil && done < total { // the total was an estimate
		c.progress(stage, done, done)
	}
	return err
}
