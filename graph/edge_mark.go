package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/internal/cache"
)

// toMark is an edge from a document to whether the viewer has marked it. The set of the viewer answers for all documents; one
// that a partial set does not answer is loaded by itself.
type toMark struct {
	field string
	sets  *loader.Definition[uuid.UUID, *cache.MarkSet]
	marks *loader.Definition[cache.MarkKey, bool]
}

func (e toMark) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.sets.Name()}, Then: []string{e.marks.Name()}, Early: true, Begin: e.begin}
}

func (e toMark) begin(f *exec.Fetch) exec.Step {
	s := setOf(f)
	if s.Viewer().Guest() {
		for i := range f.Len() {
			f.SetLeaf(i, false)
		}
		return nil
	}
	sets := e.sets.In(s)
	at := sets.Ask(s.Viewer().UserID)
	return func() exec.Step {
		set, _, err := sets.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		return e.fromSet(f, set)
	}
}

// fromSet sets what the set of the viewer answers, and asks for the other documents.
func (e toMark) fromSet(f *exec.Fetch, set *cache.MarkSet) exec.Step {
	s := setOf(f)
	var unknown, at []int
	parents(f, func(i int, document uuid.UUID) {
		marked, known := set.Has(document)
		f.SetLeaf(i, marked)
		if !known {
			unknown = append(unknown, i)
			at = append(at, e.marks.In(s).Ask(cache.MarkKey{User: s.Viewer().UserID, Document: document}))
		}
	})
	if len(unknown) == 0 {
		return nil
	}
	return func() exec.Step {
		for n, i := range unknown {
			marked, _, err := e.marks.In(s).Get(at[n])
			if err != nil {
				f.Fail(i, err)
				continue
			}
			f.SetLeaf(i, marked)
		}
		return nil
	}
}

func (e toMark) resolve(ctx context.Context, document uuid.UUID) (bool, error) {
	s := loader.From(ctx)
	if s.Viewer().Guest() {
		return false, nil
	}
	set, _, err := e.sets.In(s).Load(ctx, s.Viewer().UserID)
	if err != nil {
		return false, err
	}
	if marked, known := set.Has(document); known {
		return marked, nil
	}
	marked, _, err := e.marks.In(s).Load(ctx, cache.MarkKey{User: s.Viewer().UserID, Document: document})
	return marked, err
}
