package cache

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Usage is the memory of the cache, its counters, and the state of its far tier.
type Usage struct {
	Far         State
	Losses      int64 // how often an invalidation may have been lost because the far tier failed
	Undecodable int64 // entries of the far tier that could not be decoded
	Limit       int64 // of the near tier, in bytes
	Tags        int   // in the process
	TagBytes    int64 // of the limit
	Kinds       []KindUsage
}

// KindUsage is the usage of one kind, or of a Derived.
type KindUsage struct {
	Name    string
	Version int
	TTL     time.Duration
	Absent  time.Duration // the TTL of negative entries
	Stale   time.Duration // how long after its expiry an entry may be served

	Entries int    // in the process
	Bytes   uint64 // estimated: the keys, the values, and an overhead
	Limit   uint64 // of the bytes: that of the near tier, which all kinds share

	Counts Counts
}

// Counts are requested keys by their source, since the start of the process.
type Counts struct {
	Near     int64
	Far      int64
	Loads    int64 // read from the database
	Shared   int64 // from a load of another fetch
	Negative int64 // hits of negative entries
	Stale    int64 // hits of expired entries
	Failed   int64 // loads that failed
}

// Hits returns how many keys were answered by a tier, or by a load of another fetch.
func (c Counts) Hits() int64 { return c.Near + c.Far + c.Shared }

// Usage returns the present usage, with the kinds sorted by name.
func (e *Engine) Usage() Usage {
	u := Usage{
		Far: e.State(), Losses: e.availability.losses.Load(), Undecodable: e.undecodable.Load(), Limit: max(e.options.NearBytes, 0),
	}
	u.Tags, u.TagBytes = e.tags.table.size()
	for _, k := range e.kinds {
		u.Kinds = append(u.Kinds, k.usage())
	}
	derived := map[string]KindUsage{}
	for _, usage := range e.derived {
		k := usage()
		derived[k.Name] = k.and(derived[k.Name])
	}
	u.Kinds = slices.AppendSeq(u.Kinds, maps.Values(derived))
	slices.SortFunc(u.Kinds, func(a, b KindUsage) int { return cmp.Compare(a.Name, b.Name) })
	return u
}

func (f *family) usage() KindUsage {
	m := f.meter
	return usageOf(f.Spec, f.near, Counts{m.near.Load(), m.far.Load(), m.loads.Load(), m.shared.Load(), m.negative.Load(), m.stale.Load(), m.failed.Load()})
}

// and returns the usage of two stores of the same name together.
func (k KindUsage) and(other KindUsage) KindUsage {
	k.Entries += other.Entries
	k.Bytes += other.Bytes
	k.Counts.Near += other.Counts.Near
	return k
}

func usageOf(s Spec, n *near, counts Counts) KindUsage {
	u := KindUsage{Name: s.Name, Version: s.Version, TTL: s.TTL, Absent: s.Negative, Stale: s.Stale, Counts: counts}
	entries, bytes := n.size()
	u.Entries, u.Bytes, u.Limit = entries, uint64(bytes), uint64(max(n.engine.options.NearBytes, 0)) //nolint:gosec // not negative
	return u
}

// FarMemory returns how much memory the far tier uses and may use, in bytes; a limit of 0 means none. It returns false if the far
// tier is unavailable or does not answer.
func (e *Engine) FarMemory(ctx context.Context) (used, limit int64, ok bool) {
	return e.far.Memory(ctx)
}

// KindOf returns the kind of a key in the far tier. It returns false if the key is not of a kind in its present version.
func (e *Engine) KindOf(key string) (kind string, ok bool) {
	name, _, _ := strings.Cut(key, ".")
	f := e.kinds[name]
	return name, f != nil && strings.HasPrefix(key, f.prefix)
}

// Names returns the names of all kinds, sorted.
func (e *Engine) Names() []string { return slices.Sorted(maps.Keys(e.kinds)) }
