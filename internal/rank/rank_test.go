package rank_test

import (
	"math"
	"testing"
	"time"

	"docsquare/internal/rank"
)

func TestHot(t *testing.T) {
	all := rank.Signals{Views: 10, Likes: 2, Favorites: 1, Comments: 3} // 10 + 8 + 6 + 24 = 48
	for name, tc := range map[string]struct {
		signals rank.Signals
		age     time.Duration
		want    float64
	}{
		"nothing":         {rank.Signals{}, time.Hour, 0},
		"just now":        {all, 0, 48 / math.Pow(2, 1.5)},
		"two hours":       {all, 2 * time.Hour, 48.0 / 8},
		"in the future":   {all, -time.Hour, 48 / math.Pow(2, 1.5)},
		"a like is four":  {rank.Signals{Likes: 2}, 2 * time.Hour, 1},
		"a view is one":   {rank.Signals{Views: 8}, 2 * time.Hour, 1},
		"a word is eight": {rank.Signals{Comments: 1}, 2 * time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rank.Hot(tc.signals, tc.age); math.Abs(got-tc.want) > 1e-9 {
				t.Fatalf("got %v, want %v", got, tc.want)
			}
		})
	}
	for age := range 100 {
		if a, b := rank.Hot(all, time.Duration(age)*time.Hour), rank.Hot(all, time.Duration(age+1)*time.Hour); a <= b {
			t.Fatalf("the score does not fall with age: %v at %d h, %v after", a, age, b)
		}
	}
}
