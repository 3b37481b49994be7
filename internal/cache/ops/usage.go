package ops

import (
	"cmp"
	"context"
	"slices"

	"docsquare/internal/cache"
)

// Usage is the memory of the cache, its counters, and the state of its far tier.
type Usage struct {
	cache.Stats
	Kinds []KindUsage
}

// KindUsage is the usage of one kind, or of all cache.Derived of one name.
type KindUsage struct {
	cache.Spec

	Entries int    // in the process
	Bytes   uint64 // estimated: the keys, the values, and an overhead
	Limit   uint64 // of the bytes: that of the near tier, which all kinds share

	Counts cache.Counts
}

// Usage returns the present usage, with the kinds sorted by name.
func (m *Monitor) Usage() Usage {
	u := Usage{Stats: m.engine.Stats()}
	views := m.engine.Views()
	slices.SortFunc(views, func(a, b cache.View) int { return cmp.Compare(a.Name, b.Name) })
	for _, v := range views {
		k := KindUsage{Spec: v.Spec, Limit: uint64(u.Limit), Counts: v.Counts()} //nolint:gosec // not negative
		entries, bytes := v.Size()
		k.Entries, k.Bytes = entries, uint64(bytes) //nolint:gosec // not negative
		if last := len(u.Kinds) - 1; last >= 0 && u.Kinds[last].Name == k.Name {
			u.Kinds[last] = u.Kinds[last].and(k)
			continue
		}
		u.Kinds = append(u.Kinds, k)
	}
	return u
}

// and returns the usage of two stores of the same name together.
func (k KindUsage) and(other KindUsage) KindUsage {
	k.Entries += other.Entries
	k.Bytes += other.Bytes
	k.Counts.Near += other.Counts.Near
	return k
}

// FarMemory returns how much memory the far tier uses and may use, in bytes; a limit of 0 means none. It returns false if the far
// tier is unavailable or does not answer.
func (m *Monitor) FarMemory(ctx context.Context) (used, limit int64, ok bool) {
	return m.engine.Far().Memory(ctx)
}
