package page

import "github.com/google/uuid"

// List is one page of the list that belongs to something.
type List struct {
	Of   uuid.UUID
	Args Args
}

// ByArgs groups lists that want the same page: one statement can read each group.
func ByArgs(lists []List) map[Args][]uuid.UUID {
	groups := map[Args][]uuid.UUID{}
	for _, l := range lists {
		groups[l.Args] = append(groups[l.Args], l.Of)
	}
	return groups
}
