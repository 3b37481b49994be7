package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/loader"
	"docsquare/internal/nodeid"
	"docsquare/internal/viewer"
)

// nodes is the objects with the identifiers, nil for each that the viewer may not see: comments are seen with their
// documents, revisions by those who may edit, sessions of both sorts by their account, and files by their account and by
// those who see a document that is made of them; entries of the audit trail are for administrators.
func nodes(ctx context.Context, ids ...nodeid.ID) ([]nodeid.Node, error) {
	n := wanted{set: loader.From(ctx), viewer: viewer.From(ctx), ids: map[nodeid.Type][]uuid.UUID{}, found: map[nodeid.ID]nodeid.Node{}}
	for _, id := range ids {
		n.ids[id.Type] = append(n.ids[id.Type], id.UUID)
	}
	n.announce(ctx)
	list := make([]nodeid.Node, len(ids))
	if err := n.collect(ctx); err != nil {
		return list, err
	}
	for i, id := range ids {
		list[i] = n.found[id]
	}
	return list, nil
}

// wanted is the objects of one request for nodes, of whatever types.
type wanted struct {
	set    *loader.Set
	viewer viewer.Viewer
	ids    map[nodeid.Type][]uuid.UUID
	found  map[nodeid.ID]nodeid.Node
}

// announce has everything read that is asked for: all types together, level by level.
func (n wanted) announce(ctx context.Context) {
	a, f := lookAhead(ctx)
	users, documents, comments, editors := aheadOfUser(n.viewer), aheadOfDocument(n.viewer), aheadOfComment(n.viewer), aheadOfEditorSession(n.viewer)
	prefetch(ctx, a, []demand{
		found(a, n.set.Users, n.ids[nodeid.User], users, under(a, users, f)),
		found(a, n.set.Documents, n.ids[nodeid.Document], documents, under(a, documents, f)),
		found(a, n.set.Comments, n.ids[nodeid.Comment], comments, under(a, comments, f)),
		n.about(n.set.Comments.Name(), announceAll(n.set.Comments, n.ids[nodeid.Comment]), func() []uuid.UUID {
			return keysOf(n.set.Comments.Known(n.ids[nodeid.Comment]), func(c *ent.Comment) (uuid.UUID, bool) { return c.DocumentID, true })
		}),
		n.about(n.set.Revisions.Name(), announceAll(n.set.Revisions, n.ids[nodeid.Revision]), func() []uuid.UUID {
			return keysOf(n.set.Revisions.Known(n.ids[nodeid.Revision]), func(r *ent.Revision) (uuid.UUID, bool) { return r.DocumentID, true })
		}),
		found(a, n.set.Editors, n.ids[nodeid.EditorSession], editors, under(a, editors, f)),
		n.about(n.set.FileDocuments.Name(), announceAll(n.set.FileDocuments, n.ids[nodeid.File]), func() []uuid.UUID {
			return slices.Concat(n.set.FileDocuments.Known(n.ids[nodeid.File])...)
		}),
		{loader: n.set.Files.Name(), announce: announceAll(n.set.Files, n.ids[nodeid.File])},
		{loader: n.set.Sessions.Name(), announce: func(w *loader.Wave) { loader.Announce(w, n.set.Sessions, n.owner()...) }},
	})
}

// about is the demand for objects, and for the documents that decide who sees them.
func (n wanted) about(name string, announce func(*loader.Wave), documents func() []uuid.UUID) demand {
	return demand{loader: name, below: []string{n.set.Documents.Name()}, announce: announce, next: func() []demand {
		return []demand{{loader: n.set.Documents.Name(), announce: announceAll(n.set.Documents, documents())}}
	}}
}

func announceAll[V any](l *loader.Loader[uuid.UUID, V], ids []uuid.UUID) func(*loader.Wave) {
	return func(w *loader.Wave) { loader.Announce(w, l, ids...) }
}

// owner is the viewer, the only one whose sessions can be asked for, where any is.
func (n wanted) owner() []uuid.UUID {
	if n.viewer.Guest() || len(n.ids[nodeid.Session]) == 0 {
		return nil
	}
	return []uuid.UUID{n.viewer.UserID}
}

// collect takes what the viewer sees from the loaders.
func (n wanted) collect(ctx context.Context) error {
	if err := take(ctx, n, n.set.Users, nodeid.User, nil); err != nil {
		return err
	}
	if err := take(ctx, n, n.set.Documents, nodeid.Document, nil); err != nil {
		return err
	}
	err := take(ctx, n, n.set.Comments, nodeid.Comment, func(c *ent.Comment) (bool, error) {
		_, seen, err := n.set.Documents.Load(ctx, c.DocumentID)
		return seen, err
	})
	if err != nil {
		return err
	}
	err = take(ctx, n, n.set.Revisions, nodeid.Revision, func(r *ent.Revision) (bool, error) {
		d, seen, err := n.set.Documents.Load(ctx, r.DocumentID)
		return seen && n.viewer.Edits(d), err
	})
	if err != nil {
		return err
	}
	if err := take(ctx, n, n.set.Editors, nodeid.EditorSession, nil); err != nil {
		return err
	}
	err = take(ctx, n, n.set.Files, nodeid.File, func(f *ent.File) (bool, error) { return seesFile(ctx, n.viewer, n.set, f) })
	if err != nil {
		return err
	}
	if err := n.collectAudit(ctx); err != nil {
		return err
	}
	for _, owner := range n.owner() {
		own, _, err := n.set.Sessions.Load(ctx, owner)
		if err != nil {
			return err
		}
		for _, x := range own {
			n.found[x.NodeID()] = x
		}
	}
	return nil
}

// collectAudit takes entries of the audit trail, for administrators.
func (n wanted) collectAudit(ctx context.Context) error {
	if len(n.ids[nodeid.AuditEntry]) == 0 {
		return nil
	}
	if may, err := administers(ctx, n.set); err != nil || !may {
		return err
	}
	return take(ctx, n, n.set.AuditEntries, nodeid.AuditEntry, nil)
}

// seesFile says whether the viewer sees a file.
func seesFile(ctx context.Context, v viewer.Viewer, set *loader.Set, f *ent.File) (bool, error) {
	documents, _, err := set.FileDocuments.Load(ctx, f.ID)
	if err != nil {
		return false, err
	}
	found, err := set.Documents.LoadAll(ctx, documents)
	return v.SeesFile(f, maps.Values(found)), err
}

// take finds the objects of one type of which the viewer may see what the rule says; without a rule, what the loader shows.
func take[V nodeid.Node](ctx context.Context, n wanted, l *loader.Loader[uuid.UUID, V], t nodeid.Type, may func(V) (bool, error)) error {
	objects, err := l.LoadAll(ctx, n.ids[t])
	if err != nil {
		return err
	}
	for _, o := range objects {
		seen := true
		if may != nil {
			if seen, err = may(o); err != nil {
				return err
			}
		}
		if seen {
			n.found[o.NodeID()] = o
		}
	}
	return nil
}
