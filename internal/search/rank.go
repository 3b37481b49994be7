package search

import (
	"cmp"
	"math"
	"slices"

	"docsquare/internal/kinds"
)

// The ranking is BM25F: the BM25 of Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
// section 3.6, over fields of different weight. The counts of a token in the fields of a document add up to
//
//	tf = Σ weight(f) · count(f) / (1 − b(f) + b(f) · length(f) / average(f))
//
// and the document scores Σ idf · tf / (k1 + tf), with idf = ln(1 + (N − n + ½) / (n + ½)). The tokens of one word or phrase
// of n tokens count 1/√n each.

const saturation = 1.2 // k1

var (
	weights = [fieldCount]float64{title: 8, labels: 5, summary: 3, body: 1}
	slopes  = [fieldCount]float64{title: 0.3, labels: 0.3, summary: 0.5, body: 0.75} // b
)

// ranker scores documents for one query.
type ranker struct {
	units  []unit
	worth  []float64 // of each unit: its idf, over the root of the tokens of its term
	needed []float64 // the same, but 0 if no document has the unit: then it cannot be required
	match  matcher   // of the units
	corpus kinds.Corpus
}

// newRanker takes how many documents of the corpus have each unit, by its key.
func newRanker(units []unit, corpus kinds.Corpus, frequencies map[string]int) ranker {
	corpus.Size = max(corpus.Size, 1) // it may have been read before there was any document
	r := ranker{units: units, match: newMatcher(units), corpus: corpus, worth: make([]float64, len(units)), needed: make([]float64, len(units))}
	for i, u := range units {
		n := float64(min(frequencies[u.key()], corpus.Size))
		r.worth[i] = math.Log(1+(float64(corpus.Size)-n+0.5)/(n+0.5)) / math.Sqrt(float64(u.parts))
		if n > 0 && !u.whole {
			r.needed[i] = r.worth[i]
		}
	}
	if r.total() == 0 { // no unit is known, so a document with any of them matches
		for i, u := range units {
			if !u.whole {
				r.needed[i] = r.worth[i]
			}
		}
	}
	return r
}

// total is the worth of all units that are needed.
func (r ranker) total() float64 {
	sum := 0.0
	for _, w := range r.needed {
		sum += w
	}
	return sum
}

// score is the score of the document of an entry, and the part of what the query needs that the document has.
func (r ranker) score(entry []byte) (score, coverage float64, err error) {
	length, tokens, err := lengths(entry)
	if err != nil {
		return 0, 0, err
	}
	frequencies, matched := make([]float64, len(r.units)), make([]int, 0, len(r.units))
	for len(tokens) > 0 {
		var t entryToken
		if t, tokens, err = nextToken(tokens); err != nil {
			return 0, 0, err
		}
		if matched = r.match.match(matched[:0], t.text); len(matched) == 0 {
			continue
		}
		tf := r.frequency(t.counts, length)
		for _, i := range matched {
			frequencies[i] += tf
		}
	}
	for i, tf := range frequencies {
		if tf > 0 {
			score += r.worth[i] * tf / (saturation + tf)
		}
	}
	return score, r.coverage(frequencies) / r.total(), nil
}

// coverage is the worth of the units that a document has. A whole token counts as its parts, which it need not have.
func (r ranker) coverage(frequencies []float64) float64 {
	sum, counted := 0.0, make([]bool, len(r.units))
	add := func(i int) {
		if !counted[i] {
			counted[i] = true
			sum += r.needed[i]
		}
	}
	for i, u := range r.units {
		if frequencies[i] == 0 {
			continue
		}
		add(i)
		for _, part := range u.covers {
			add(part)
		}
	}
	return sum
}

func (r ranker) frequency(o occurrences, length [fieldCount]int) float64 {
	tf := 0.0
	for f, n := range o {
		if n > 0 {
			tf += weights[f] * float64(n) / (1 - slopes[f] + slopes[f]*float64(length[f])/max(r.corpus.Averages[f], 1))
		}
	}
	return tf
}

// rarest is the units that are worth most, until less than half of the worth is left: a document without any of them has
// less than half.
func (r ranker) rarest() []unit {
	order := make([]int, len(r.units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.needed[b], r.needed[a]) })
	left, half := r.total(), r.total()*leastCoverage
	var out []unit
	chosen := make([]bool, len(r.units))
	for _, i := range order {
		if left < half {
			break
		}
		out, chosen[i] = append(out, r.units[i]), true
		left -= r.needed[i]
	}
	for i, u := range r.units {
		if !chosen[i] && slices.ContainsFunc(u.covers, func(part int) bool { return chosen[part] }) {
			out = append(out, u)
		}
	}
	return out
}
