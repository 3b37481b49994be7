package search

import (
	"bytes"
	"slices"
	"sort"
	"strings"
)

// matcher finds the units that a token matches. Its time does not depend on the number of units, apart from a binary search and the units found.
type matcher struct {
	exact    map[string][]int // the units that are a token, or have it among their ends
	prefixes []prefix         // sorted; each once
}

// prefix is the beginning of a word.
type prefix struct {
	text   []byte
	units  []int // which it is
	parent int   // the place of the longest other prefix that it begins with; -1 if there is none
}

func newMatcher(units []unit) matcher {
	m := matcher{exact: map[string][]int{}}
	begin := map[string][]int{}
	for i, u := range units {
		if !u.prefix {
			m.exact[u.token] = append(m.exact[u.token], i)
			continue
		}
		begin[u.token] = append(begin[u.token], i)
		for _, end := range u.ends {
			if !strings.HasPrefix(end, u.token) {
				m.exact[end] = append(m.exact[end], i)
			}
		}
	}
	for text, of := range begin {
		m.prefixes = append(m.prefixes, prefix{text: []byte(text), units: of})
	}
	slices.SortFunc(m.prefixes, func(a, b prefix) int { return bytes.Compare(a.text, b.text) })
	for i := range m.prefixes {
		parent := i - 1
		for parent >= 0 && !bytes.HasPrefix(m.prefixes[i].text, m.prefixes[parent].text) {
			parent = m.prefixes[parent].parent
		}
		m.prefixes[i].parent = parent
	}
	return m
}

// match appends the units that a token matches.
func (m matcher) match(list []int, token []byte) []int {
	list = append(list, m.exact[string(token)]...)
	// What a token begins with is not after it, and the last prefix that is not after it begins with all of them.
	at := sort.Search(len(m.prefixes), func(i int) bool { return bytes.Compare(m.prefixes[i].text, token) > 0 }) - 1
	for at >= 0 && !bytes.HasPrefix(token, m.prefixes[at].text) {
		at = m.prefixes[at].parent
	}
	for ; at >= 0; at = m.prefixes[at].parent {
		list = append(list, m.prefixes[at].units...)
	}
	return list
}
