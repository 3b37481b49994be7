package record

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Stages notes how long the stages before the execution took.
func (r *Record) Stages(parse, validate time.Duration) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Parts.Parse, r.report.Parts.Validate = ms(parse), ms(validate)
}

// Cost notes what the operation costs, in points.
func (r *Record) Cost(c Cost) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Cost = c
}

// Report returns the current state of the record.
func (r *Record) Report() Report {
	if r == nil {
		return Report{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.report
	out.TotalMS = ms(time.Since(r.started))
	out.Parts.Execute = out.TotalMS
	out.Parts.SQL, out.Parts.Redis = out.SQL.MS, out.Redis.MS
	out.Loaders = sortedCopies(r.loaders, func(l *Loader) string { return l.Name })
	out.Kinds = sortedCopies(r.kinds, func(k *Kind) string { return k.Name })
	texts := make([]Statement, 0, len(r.texts))
	for _, s := range r.texts {
		texts = append(texts, *s)
	}
	out.SQL.List = sortedCopies(texts, func(s *Statement) string { return s.Text })
	out.Steps = slices.Clone(out.Steps)
	out.Tags = slices.Sorted(maps.Keys(r.tags))
	return out
}

// sortedCopies returns copies of values, in the order of a text.
func sortedCopies[V any](all []V, by func(*V) string) []*V {
	list := make([]*V, 0, len(all))
	for _, v := range all {
		list = append(list, &v)
	}
	slices.SortFunc(list, func(a, b *V) int { return cmp.Compare(by(a), by(b)) })
	return list
}
