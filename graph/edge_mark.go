package graph

import (
	"context"

	"github.com/google/uuid"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/operation"
	"docsquare/internal/kinds"
)

// toMark is an edge from a document or comment to whether the viewer has marked it. The set of the viewer answers for all of them; one
// that a partial set does not answer is loaded by itself.
type toMark struct {
	field string
	sets  *loader.Definition[uuid.UUID, *kinds.MarkSet]
	marks *loader.Definition[kinds.MarkKey, bool]
}

func (e toMark) declare(into exec.Edges) {
	into[e.field] = exec.Edge{Loaders: []string{e.sets.Name()}, Then: []string{e.marks.Name()}, Early: true, Begin: e.begin, Written: e.written}
}

// written notes the position of the mark in the answer, to be replaced for another viewer.
func (e toMark) written(f *exec.Fetch, i, from, to int) {
	x := operation.From(f.Context())
	if x == nil || !x.Tracked {
		return
	}
	if subject, ok := parentOf[uuid.UUID](f.Object(i)); ok {
		x.Marks = append(x.Marks, operation.Mark{From: from, To: to, Sets: e.sets, Subject: subject})
	}
}

func (e toMark) begin(f *exec.Fetch) exec.Step {
	s := setOf(f)
	if s.Marker() == uuid.Nil {
		for i := range f.Len() {
			f.SetLeaf(i, false)
		}
		return nil
	}
	sets := e.sets.In(s)
	at := sets.Ask(s.Marker())
	return func() exec.Step {
		set, _, err := sets.Get(at)
		if err != nil {
			f.FailAll(err)
			return nil
		}
		return e.fromSet(f, set)
	}
}

// fromSet sets what the set of the viewer answers, and asks for the others.
func (e toMark) fromSet(f *exec.Fetch, set *kinds.MarkSet) exec.Step {
	s := setOf(f)
	var unknown, at []int
	parents(f, func(i int, subject uuid.UUID) {
		marked, known := set.Has(subject)
		f.SetLeaf(i, marked)
		if !known {
			unknown = append(unknown, i)
			at = append(at, e.marks.In(s).Ask(kinds.MarkKey{User: s.Marker(), Subject: subject}))
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

func (e toMark) resolve(ctx context.Context, subject uuid.UUID) (bool, error) {
	s := operation.Loaders(ctx)
	if s.Viewer().Guest() {
		return false, nil
	}
	set, _, err := e.sets.In(s).Load(ctx, s.Viewer().UserID)
	if err != nil {
		return false, err
	}
	if marked, known := set.Has(subject); known {
		return marked, nil
	}
	marked, _, err := e.marks.In(s).Load(ctx, kinds.MarkKey{User: s.Viewer().UserID, Subject: subject})
	return marked, err
}
