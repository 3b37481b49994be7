package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/kinds"
)

// TestMatcherEqualsUnits compares the units that a token matches with each unit by itself, for beginnings that begin with others, words and ends.
func TestMatcherEqualsUnits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(most int) string {
		letters := make([]byte, 1+random.IntN(most))
		for i := range letters {
			letters[i] = "abe"[random.IntN(3)]
		}
		return string(letters)
	}
	for range 2000 {
		units := Parse("caching caches* cachi* runni*").units()
		for range random.IntN(28) {
			units = append(units, newUnit(text(5), random.IntN(2) == 0))
		}
		m := newMatcher(units)
		for _, token := range []string{text(8), text(3), "cach", "caches", "run", "runn", ""} {
			var want []int
			for i, u := range units {
				if u.matches(token) {
					want = append(want, i)
				}
			}
			got := m.match(nil, []byte(token))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%q matches %v, want %v, of %+v", token, got, want, units)
			}
		}
	}
}

// BenchmarkManyUnits ranks a large document by one beginning of words, and by 31: the tokens of the document are most of the work.
func BenchmarkManyUnits(b *testing.B) {
	var text, many strings.Builder
	for i := range 23_000 {
		fmt.Fprintf(&text, "w%d ", 100_000+i)
	}
	for i := range 31 {
		fmt.Fprintf(&many, "w%d* ", 200+i)
	}
	terms := entry("", "", "", text.String())
	for name, query := range map[string]string{"one": "w200*", "31": many.String()} {
		b.Run(name, func(b *testing.B) {
			r := newRanker(Parse(query).units(), kinds.Corpus{Averages: make([]float64, fieldCount)}, nil)
			for b.Loop() {
				if _, _, err := r.score(terms); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
