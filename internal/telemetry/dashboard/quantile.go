package dashboard

import (
	"maps"
	"math"
	"slices"
)

// infinity is the bound of the last bucket.
var infinity = math.Inf(1)

// quantile is the value, in milliseconds, below which that part of what a histogram counts is; nil where it counts nothing.
// Within a bucket values are taken to be spread evenly, as Prometheus does.
func quantile(counts map[float64]float64, part float64) *float64 {
	wanted := counts[infinity] * part
	if counts[infinity] <= 0 {
		return nil
	}
	lower, below := 0.0, 0.0
	for _, upper := range slices.Sorted(maps.Keys(counts)) {
		if counts[upper] >= wanted {
			if math.IsInf(upper, 1) { // all that is known is that it is more
				return milliseconds(lower)
			}
			return milliseconds(lower + (upper-lower)*(wanted-below)/max(counts[upper]-below, 1))
		}
		lower, below = upper, counts[upper]
	}
	return milliseconds(lower)
}

func milliseconds(seconds float64) *float64 {
	ms := seconds * 1000
	return &ms
}
