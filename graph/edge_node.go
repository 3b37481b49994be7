package graph

import (
	"context"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/internal/errs"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
	"docsquare/internal/viewer"
)

// nodeEdges are Query.node and Query.nodes: objects of all types by their global identifiers, null for each that the viewer may
// not see. Comments are seen with their documents, revisions by those who may edit, sessions of both sorts by their account, and
// files by their account and by those who see a document that shows them, and avatars by everybody; entries of the audit trail are for administrators.
type nodeEdges struct{}

// objectsByType is a source of objects of one type, with the rule of who sees them.
type objectsByType interface {
	load(f *exec.Fetch, ids []place) exec.Step
	resolve(ctx context.Context, id uuid.UUID) (nodeid.Node, error)
}

// place is where an identifier was asked for: the position in the list of nodes, 0 for a single node.
type place struct {
	id uuid.UUID
	at int
}

// nodeTypes returns the source of each type.
func nodeTypes() map[nodeid.Type]objectsByType {
	return map[nodeid.Type]objectsByType{
		nodeid.User:          visible[*ent.User]{name: "User", objects: loader.Users},
		nodeid.Document:      visible[*ent.Document]{name: "Document", objects: loader.Documents},
		nodeid.EditorSession: visible[*ent.EditorSession]{name: "EditorSession", objects: loader.Editors},
		nodeid.Comment: visible[*ent.Comment]{
			name: "Comment", objects: loader.Comments,
			documents: direct[*ent.Comment](func(c *ent.Comment) uuid.UUID { return c.DocumentID }),
			sees:      func(_ viewer.Rules, _ *ent.Comment, documents []*ent.Document) bool { return len(documents) > 0 },
		},
		nodeid.Revision: visible[*ent.Revision]{
			name: "Revision", objects: loader.Revisions,
			documents: direct[*ent.Revision](func(r *ent.Revision) uuid.UUID { return r.DocumentID }),
			sees: func(r viewer.Rules, _ *ent.Revision, documents []*ent.Document) bool {
				return len(documents) > 0 && r.Edits(documents[0])
			},
		},
		nodeid.File: visible[*ent.File]{
			name: "File", objects: loader.Files, documents: documentsOfFile{},
			sees: func(r viewer.Rules, f *ent.File, documents []*ent.Document) bool {
				return r.SeesFile(f, slices.Values(documents))
			},
		},
		nodeid.Session:    ownSessions{},
		nodeid.AuditEntry: auditEntries{},
	}
}

func (e nodeEdges) declare(into exec.Edges) {
	at, then := []string{
		loader.Users.Name(), loader.Documents.Name(), loader.Editors.Name(), loader.Comments.Name(), loader.Revisions.Name(),
		loader.Files.Name(), loader.FileDocuments.Name(), loader.Sessions.Name(),
	}, []string{loader.Documents.Name(), loader.AuditEntries.Name()}
	into["Query.node"] = exec.Edge{Loaders: at, Then: then, Begin: func(f *exec.Fetch) exec.Step {
		id := arg[nodeid.ID](askedOf(f), "id")
		if err := malformed(id, "id"); err != nil {
			f.FailAll(err)
			return nil
		}
		return e.begin(f, []nodeid.ID{id})
	}}
	into["Query.nodes"] = exec.Edge{Loaders: at, Then: then, Begin: func(f *exec.Fetch) exec.Step {
		ids, err := nodeIDs(askedOf(f))
		if err != nil {
			f.FailAll(err)
			return nil
		}
		f.StartList(0)
		for range ids {
			f.AddObject(0, nil)
		}
		return e.begin(f, ids)
	}}
}

func nodeIDs(a asked) ([]nodeid.ID, error) {
	given := arg[[]*nodeid.ID](a, "ids")
	if len(given) > page.MaxSize {
		return nil, errs.BadInput("ids", "at most %d identifiers at once, but here are %d", page.MaxSize, len(given))
	}
	ids := make([]nodeid.ID, len(given))
	for i, id := range given {
		ids[i] = *id
	}
	return ids, nil
}

// begin loads the objects of all types together.
func (nodeEdges) begin(f *exec.Fetch, ids []nodeid.ID) exec.Step {
	byType := map[nodeid.Type][]place{}
	for i, id := range ids {
		if err := malformed(id, "ids"); err != nil {
			f.FailItem(i, err)
			continue
		}
		byType[id.Type] = append(byType[id.Type], place{id.UUID, i})
	}
	types, steps := nodeTypes(), []exec.Step(nil)
	for _, t := range slices.Sorted(maps.Keys(byType)) {
		if step := types[t].load(f, byType[t]); step != nil {
			steps = append(steps, step)
		}
	}
	return together(steps)
}

// together takes the steps of several edges as one.
func together(steps []exec.Step) exec.Step {
	if len(steps) == 0 {
		return nil
	}
	return func() exec.Step {
		var more []exec.Step
		for _, step := range steps {
			if next := step(); next != nil {
				more = append(more, next)
			}
		}
		return together(more)
	}
}

// malformed returns an error that blames an argument if an identifier is malformed.
func malformed(id nodeid.ID, argument string) error {
	if err := id.Malformed(); err != nil {
		return errs.BadInput(argument, "%s", errs.As(err).Message)
	}
	return nil
}

func (nodeEdges) node(ctx context.Context, id nodeid.ID) (nodeid.Node, error) {
	if err := malformed(id, "id"); err != nil {
		return nil, err
	}
	return nodeTypes()[id.Type].resolve(ctx, id.UUID)
}

func (e nodeEdges) nodes(ctx context.Context, args map[string]any) ([]nodeid.Node, error) {
	ids, err := nodeIDs(askedIn(ctx, args))
	if err != nil {
		return nil, err
	}
	list := make([]nodeid.Node, len(ids))
	for i, id := range ids {
		if err := malformed(id, "ids"); err != nil {
			failItem(ctx, i, err)
			continue
		}
		if list[i], err = e.node(ctx, id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// failItem reports the error of one item of a list, for gqlgen's runtime.
func failItem(ctx context.Context, i int, err error) {
	item := graphql.WithFieldContext(ctx, &graphql.FieldContext{Parent: graphql.GetFieldContext(ctx), Index: &i})
	graphql.AddError(item, err)
}
