// Package rank owns the hot score. It is pure: it reads nothing and knows no clock.
package rank

import (
	"math"
	"time"
)

// The weight of each sign of interest, in views. That a document was written counts as one view.
const (
	View     = 1.0
	Like     = 4.0
	Favorite = 6.0
	Comment  = 8.0
)

// Window is how far a ranking looks back.
type Window int

// The windows.
const (
	Day Window = iota
	Week
	Month
	Windows // how many there are
)

// halfLives is a third of each window: what is as old as the window counts an eighth.
var halfLives = [Windows]time.Duration{8 * time.Hour, 56 * time.Hour, 240 * time.Hour}

// epoch is where the logarithms begin.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Signal is one sign of interest and when it was given. A negative weight takes one back.
type Signal struct {
	Weight float64
	At     time.Time
}

// Heat is how hot a document is within a window: the sum of its signals, each halved once per half-life since it was given,
//
//	heat = log2 Σ weight · 2^((at − epoch) / half-life)
//
// as a logarithm. The order of documents by it is that of the decayed sums at any moment, for time divides all of them
// alike: so it is stored, indexed, and changes only with a new signal. This is forward decay, from Cormode, Shkapenyuk,
// Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems" (ICDE 2009). Begin with Born.
func Heat(w Window, heat float64, signals ...Signal) float64 {
	for _, s := range signals {
		if s.Weight == 0 {
			continue
		}
		x := float64(s.At.Sub(epoch))/float64(halfLives[w]) + math.Log2(math.Abs(s.Weight))
		if s.Weight > 0 {
			high, low := max(heat, x), min(heat, x)
			heat = high + math.Log2(1+math.Exp2(low-high))
			continue
		}
		heat += math.Log2(max(1-math.Exp2(x-heat), nothing))
	}
	return heat
}

// nothing is what is left where as much is taken back as was there: more would be rounding.
const nothing = 1e-9

// Born returns the heat of a document without views.
func Born(w Window, at time.Time) float64 {
	return float64(at.Sub(epoch)) / float64(halfLives[w])
}

// Score is a heat at a moment, in views given just then.
func Score(w Window, heat float64, now time.Time) float64 {
	return math.Exp2(heat - float64(now.Sub(epoch))/float64(halfLives[w]))
}
