package cache

import (
	"cmp"
	"slices"
)

// Usage is what the cache takes and how its far tier is.
type Usage struct {
	FarInUse    bool
	Losses      int64 // how often something went wrong with Redis or the way to it
	Undecodable int64 // entries in Redis that could not be decoded
	Near        []NearUsage
}

// NearUsage is what the entries of a kind take in the process.
type NearUsage struct {
	Kind    string
	Entries int
	Bytes   uint64 // roughly: the size of the values in CBOR, and an allowance for what is around them
}

// Usage is the present state, the kinds by name.
func (e *Engine) Usage() Usage {
	u := Usage{FarInUse: e.farReady(), Losses: e.losses(), Undecodable: e.undecodable.Load()}
	for name, usage := range e.kinds {
		n := usage()
		n.Kind = name
		u.Near = append(u.Near, n)
	}
	slices.SortFunc(u.Near, func(a, b NearUsage) int { return cmp.Compare(a.Kind, b.Kind) })
	return u
}

// usage is what the entries of one kind take.
func (n *near[K, V]) usage() (u NearUsage) {
	if n.table != nil {
		u.Entries, u.Bytes = n.table.EstimatedSize(), n.table.WeightedSize()
	}
	return u
}
