package cache

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
)

// Inspection is what the tiers hold of one key.
type Inspection struct {
	Kind string
	Key  string
	Near *Held // nil where the tier has nothing
	Far  *Held
	Tags []TagState
}

// Held is one entry.
type Held struct {
	Counts  bool // whether it would be served: nothing has touched its tags, and its time is not over
	Absent  bool // it says that there is nothing
	Expires time.Time
	Bytes   int // roughly
}

// TagState is a tag that an entry rests on, with its stamp; empty where there is none.
type TagState struct{ Name, Near, Far string }

// subject is a key to inspect.
type subject struct {
	found  Inspection
	key    string // in Redis, behind the prefix
	tags   []Tag
	decode func(item farItem) *Held
}

// inspect returns what this process knows of a key, or nil if it is not of the type of the kind's keys.
func (f *family) inspect(key any) *subject {
	if reflect.TypeOf(key) != f.keys {
		return nil
	}
	s := &subject{found: Inspection{Kind: f.Name, Key: f.text(key)}, key: f.farKey(key), tags: append(f.tags(key), f.tag, Everything), decode: f.held}
	if held := f.near.find(boxed{f.hash(key), key}); held != nil && !held.entry.over(time.Now()) {
		e := &held.entry
		s.found.Near = &Held{Counts: allStill(e.holds), Absent: e.absent, Expires: e.expires, Bytes: int(held.weight)}
	}
	return s
}

// held is what an item of the far tier holds, nil where it is nothing that can be read.
func (f *family) held(item farItem) *Held {
	far, err := decodeEntry(item.raw)
	if err != nil {
		return nil
	}
	counts := equal(far.stamps, item.stamps) && !f.entry(far.absent, far.expires).over(time.Now())
	return &Held{Counts: counts, Absent: far.absent, Expires: far.expires, Bytes: len(item.raw)}
}

// Inspect is what both tiers hold under an identifier, of every kind that has an entry there. It changes nothing.
func (e *Engine) Inspect(ctx context.Context, id uuid.UUID) ([]Inspection, error) {
	var subjects []*subject
	for _, k := range e.kinds {
		if s := k.inspect(id); s != nil {
			subjects = append(subjects, s)
		}
	}
	slices.SortFunc(subjects, func(a, b *subject) int { return cmp.Compare(a.found.Kind, b.found.Kind) })
	if e.farReady() {
		if err := e.far.inspect(ctx, subjects); err != nil {
			return nil, fmt.Errorf("inspect Redis: %w", err)
		}
	}
	found := []Inspection{}
	for _, s := range subjects {
		if s.found.Near == nil && s.found.Far == nil {
			continue
		}
		e.cells.describe(s)
		found = append(found, s.found)
	}
	return found, nil
}

// inspect looks subjects up in one round trip, without making stamps.
func (f *far) inspect(ctx context.Context, subjects []*subject) error {
	pipe := f.client.Pipeline()
	entries, stamps := make([]*redis.StringCmd, len(subjects)), map[Tag]*redis.StringCmd{}
	for i, s := range subjects {
		entries[i] = pipe.Get(ctx, f.prefix+s.key)
		for _, tag := range s.tags {
			if stamps[tag] == nil {
				stamps[tag] = pipe.Get(ctx, f.stampKey(tag))
			}
		}
	}
	if err := f.run(ctx, callInspect, pipe, f.readIn); err != nil {
		return err
	}
	for i, s := range subjects {
		item := farItem{}
		for _, tag := range s.tags {
			stamp := stampOf(stamps[tag].Val())
			item.stamps = append(item.stamps, stamp)
			s.found.Tags = append(s.found.Tags, TagState{Name: tag, Far: stamp.String()})
		}
		if item.raw, _ = entries[i].Bytes(); item.raw != nil {
			s.found.Far = s.decode(item)
		}
	}
	return nil
}

// describe adds what the process knows of the tags.
func (c *cells) describe(s *subject) {
	if s.found.Tags == nil {
		for _, tag := range s.tags {
			s.found.Tags = append(s.found.Tags, TagState{Name: tag})
		}
	}
	for i := range s.found.Tags {
		t := &s.found.Tags[i]
		if cl := c.table.get(t.Name); cl != nil {
			if v := cl.current.Load(); v != nil {
				t.Near = Stamp(v.stamp.Load()).String()
			}
		}
	}
}

// String is the stamp in hexadecimal, empty where there is none.
func (s Stamp) String() string {
	if s == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", uint64(s))
}

// TagsOf names everything that rests on a node of the graph.
func TagsOf(id nodeid.ID) ([]Tag, error) {
	tags := map[nodeid.Type][]func(uuid.UUID) Tag{
		nodeid.User:          {UserTag, UserStatsTag, SessionsOfTag, DocumentsOfTag, LikesOfTag, FavoritesOfTag, FilesOfTag, EditorSessionsOfTag},
		nodeid.Document:      {DocumentTag, DocumentStatsTag, CommentsOfTag, ThreadTag},
		nodeid.Revision:      {RevisionTag},
		nodeid.Comment:       {CommentTag, RepliesTag},
		nodeid.File:          {FileTag, DocumentsOfFileTag},
		nodeid.EditorSession: {EditorSessionTag},
	}[id.Type]
	if len(tags) == 0 {
		return nil, errs.New(errs.BadUserInput, "nothing in the cache rests on a %s by its identifier", id.Type)
	}
	all := make([]Tag, len(tags))
	for i, tag := range tags {
		all[i] = tag(id.UUID)
	}
	return all, nil
}
