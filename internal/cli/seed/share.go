package seed

import (
	"math"
	"math/rand/v2"
	"time"
)

// quotas deals out so many things among the documents, unevenly, no document more than most.
func (c *community) quotas(r *rand.Rand, things, most int) []int {
	n := len(c.targets)
	if most < math.MaxInt/n {
		things = min(things, n*most)
	}
	zipf := rand.NewZipf(r, documentSlope, documentOffset, uint64(n-1)) //nolint:gosec // there is a document
	quotas := make([]int, n)
	for range things {
		k := int(zipf.Uint64()) //nolint:gosec // below n
		for quotas[k] == most { // full: the next that is not
			k = (k + 1) % n
		}
		quotas[k]++
	}
	return quotas
}

// crowd picks readers, some more often than others.
type crowd struct {
	random *rand.Rand
	zipf   *rand.Zipf
	taken  []bool
}

func (c *community) crowd(r *rand.Rand) *crowd {
	n := len(c.readers)
	return &crowd{r, rand.NewZipf(r, readerSlope, readerOffset, uint64(n-1)), make([]bool, n)} //nolint:gosec // there is a reader
}

func (w *crowd) one() int { return int(w.zipf.Uint64()) } //nolint:gosec // below the number of readers

// another is a reader who was not picked since the last reset. There must be one.
func (w *crowd) another() int {
	k := w.one()
	for tries := 0; w.taken[k] && tries < 8; tries++ {
		k = w.random.IntN(len(w.taken))
	}
	for w.taken[k] {
		k = (k + 1) % len(w.taken)
	}
	w.taken[k] = true
	return k
}

func (w *crowd) reset() { clear(w.taken) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sum(list []int) int {
	total := 0
	for _, n := range list {
		total += n
	}
	return total
}
