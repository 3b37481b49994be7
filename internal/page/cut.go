package page

import (
	"cmp"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Cut returns a page of a whole list. Its entries are ordered by Sort and then by ID, the largest first. The page begins after args.After;
// the other bound is ignored.
func Cut(all []Entry, args Args) IDs {
	start := 0
	if !args.After.Zero() {
		start, _ = slices.BinarySearchFunc(all, args.After, func(e Entry, c Cursor) int {
			if e.Sort > c.Sort || e.Sort == c.Sort && slices.Compare(e.ID[:], c.ID[:]) >= 0 {
				return -1
			}
			return 1
		})
	}
	end := min(start+args.Size, len(all))
	return IDs{Entries: all[start:end], HasNext: end < len(all), HasPrevious: !args.After.Zero(), Total: len(all)}
}

// Sorted returns entries in the order that Cut needs.
func Sorted(entries map[uuid.UUID]Entry) []Entry {
	return slices.SortedFunc(maps.Values(entries), func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.Sort, a.Sort), slices.Compare(b.ID[:], a.ID[:]))
	})
}
