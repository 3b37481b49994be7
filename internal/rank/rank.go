// Package rank owns the hot score. It is pure: it reads nothing and knows no clock.
package rank

import (
	"math"
	"time"
)

// The weight of each sign of interest, in views.
const (
	weightComment  = 8
	weightFavorite = 6
	weightLike     = 4
	gravity        = 1.5 // how fast a document sinks with its age
	settling       = 2   // hours that every document is taken to be older, so that the first minutes do not decide
)

// Signals is what happened to a document within the window of a ranking.
type Signals struct{ Views, Likes, Favorites, Comments int64 }

// Hot is the score of a document of an age: its weighed signals over the power of its age in hours, as Hacker News does
// it, (signals) / (age + 2)^1.5. It grows with every signal and falls with age.
func Hot(s Signals, age time.Duration) float64 {
	signals := float64(s.Views + weightLike*s.Likes + weightFavorite*s.Favorites + weightComment*s.Comments)
	return signals / math.Pow(max(age.Hours(), 0)+settling, gravity)
}
