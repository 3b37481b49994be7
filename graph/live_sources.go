package graph

import (
	"context"
	"reflect"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/editorsession"
	"docsquare/ent/file"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/cache"
	"docsquare/internal/errs"
	"docsquare/internal/kinds"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/viewer"
)

// subject is the object whose changes a subscription sends.
type subject[V any] struct {
	tag     cache.Tag
	current bool                                 // whether the present state comes first
	load    func(ctx context.Context) (V, error) // NOT_FOUND where the viewer sees it no longer
	last    func(V) bool                         // whether nothing comes after this state; nil: never
}

// watch subscribes to a subject that the viewer sees.
func watch[V any](ctx context.Context, s loader.Sources, of subject[V]) (<-chan V, error) {
	values := make(chan V, 1)
	sub := follow(ctx, s.Cache, of.tag) // before the first read, so that a write in between is sent
	var known V
	err := look(ctx, s, func(ctx context.Context) (err error) {
		known, err = of.load(ctx)
		return err
	})
	if err != nil {
		sub.Stop()
		return nil, err
	}
	if of.current {
		sub.Written(true)
	}
	sub.Alive = stillSignedIn(ctx, s)
	sub.Step = func(ctx context.Context, sure bool) (shown, last bool, err error) {
		v, err := of.load(ctx)
		if err != nil || !sure && reflect.DeepEqual(v, known) {
			return false, false, err
		}
		known = v
		values <- v
		return true, of.last != nil && of.last(v), nil
	}
	return values, nil
}

// watchOne subscribes to one object that a loader shows.
func watchOne[V any](ctx context.Context, s loader.Sources, id nodeid.ID, want nodeid.Type, argument string, tag func(uuid.UUID) cache.Tag, current bool,
	objects *loader.Definition[uuid.UUID, V], last func(V) bool,
) (<-chan V, error) {
	key, err := id.Of(want, argument)
	if err != nil {
		return nil, err
	}
	return watch(ctx, s, subject[V]{tag: tag(key), current: current, last: last, load: func(ctx context.Context) (V, error) {
		v, ok, err := operation.One(ctx, objects, key)
		if err == nil && !ok {
			err = errs.Missing(argument[:len(argument)-len("Id")])
		}
		return v, err
	}})
}

func over(x *ent.EditorSession) bool {
	return x.Status == editorsession.StatusCommitted || x.Status == editorsession.StatusDiscarded
}

// sees returns an error unless the viewer sees the document.
func sees(ctx context.Context, document uuid.UUID) error {
	_, ok, err := operation.One(ctx, loader.Documents, document)
	if err == nil && !ok {
		err = errs.Missing("document")
	}
	return err
}

func watchStats(ctx context.Context, s loader.Sources, id nodeid.ID, current bool) (<-chan *ent.DocumentStats, error) {
	document, err := id.Of(nodeid.Document, "documentId")
	if err != nil {
		return nil, err
	}
	return watch(ctx, s, subject[*ent.DocumentStats]{tag: kinds.DocumentStatsTag(document), current: current, load: func(ctx context.Context) (*ent.DocumentStats, error) {
		if err := sees(ctx, document); err != nil {
			return nil, err
		}
		stats, _, err := operation.One(ctx, loader.DocumentStats, document)
		return stats, err
	}})
}

func watchFile(ctx context.Context, s loader.Sources, id nodeid.ID, current bool) (<-chan *ent.File, error) {
	key, err := id.Of(nodeid.File, "fileId")
	if err != nil {
		return nil, err
	}
	return watch(ctx, s, subject[*ent.File]{
		tag: kinds.FileTag(key), current: current, last: func(f *ent.File) bool { return f.Status != file.StatusUploading },
		load: func(ctx context.Context) (*ent.File, error) {
			f, ok, err := operation.One(ctx, loader.Files, key)
			if err == nil && (!ok || !viewer.From(ctx).Is(f.UserID)) {
				err = errs.Missing("file")
			}
			return f, err
		},
	})
}

func lastOf(p page.IDs) page.Cursor {
	if len(p.Entries) == 0 {
		return page.Cursor{}
	}
	return p.Entries[len(p.Entries)-1].Cursor()
}
