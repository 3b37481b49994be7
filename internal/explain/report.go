package explain

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Stages notes how long the stages before the execution took, and the estimated cost.
func (r *Record) Stages(parse, validate time.Duration, estimated int) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Parts.Parse, r.report.Parts.Validate = ms(parse), ms(validate)
	r.report.Cost.Estimated = estimated
}

// Report is the record as it stands.
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
	out.Loaders = sorted(r.loaders, func(l *Loader) string { return l.Name })
	out.Kinds = sorted(r.kinds, func(k *Kind) string { return k.Name })
	out.SQL.List = sorted(r.texts, func(s *Statement) string { return s.Text })
	out.Tags = slices.Sorted(maps.Keys(r.tags))
	out.Cost.Actual = actualCost(out)
	return out
}

// What an answer costs after the fact: a point for itself and for each object that a loader handed out, and ten for each
// statement that the database had to run, so that an answer from the cache is cheaper than one from the database.
func actualCost(r Report) int {
	cost := 1 + 10*r.SQL.Statements
	for _, l := range r.Loaders {
		cost += l.Unique
	}
	return cost
}

func sorted[V any](m map[string]*V, by func(*V) string) []*V {
	list := make([]*V, 0, len(m))
	for _, v := range m {
		c := *v
		list = append(list, &c)
	}
	slices.SortFunc(list, func(a, b *V) int { return cmp.Compare(by(a), by(b)) })
	return list
}
