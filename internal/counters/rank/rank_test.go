package rank_test

import (
	"math"
	"testing"
	"time"

	"docsquare/internal/counters/rank"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestScoreIsTheSumOfHalvedSignals(t *testing.T) {
	for name, tc := range map[string]struct {
		window  rank.Window
		signals []rank.Signal
		want    float64
	}{
		"nothing":                 {rank.Day, nil, 1},
		"a view":                  {rank.Day, []rank.Signal{{rank.View, now}}, 2},
		"a like is four views":    {rank.Day, []rank.Signal{{rank.Like, now}}, 5},
		"ten views at once":       {rank.Day, []rank.Signal{{10 * rank.View, now}}, 11},
		"a day later":             {rank.Day, []rank.Signal{{8, now.Add(-24 * time.Hour)}}, 2},
		"a week later":            {rank.Week, []rank.Signal{{8, now.Add(-7 * 24 * time.Hour)}}, 2},
		"a month later":           {rank.Month, []rank.Signal{{8, now.Add(-30 * 24 * time.Hour)}}, 2},
		"of long ago":             {rank.Day, []rank.Signal{{1e6, now.AddDate(-3, 0, 0)}}, 1},
		"a like taken back":       {rank.Day, []rank.Signal{{rank.Like, now}, {-rank.Like, now}}, 1},
		"taken back much later":   {rank.Day, []rank.Signal{{rank.Like, now.Add(-8 * time.Hour)}, {-rank.Like, now.Add(-8 * time.Hour)}}, 1},
		"more than there is":      {rank.Day, []rank.Signal{{-100, now}}, 0},
		"no weight is no signal":  {rank.Day, []rank.Signal{{0, now}}, 1},
		"in the order of nothing": {rank.Week, []rank.Signal{{4, now}, {8, now.Add(-7 * 24 * time.Hour)}, {1, now}}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			got := rank.Score(tc.window, rank.Heat(tc.window, rank.Born(tc.window, now), tc.signals...), now)
			if math.Abs(got-tc.want) > 1e-6 {
				t.Fatalf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// TestOrderOutlivesTime: what is hotter now is hotter ever after, so a stored heat needs no refresh.
func TestOrderOutlivesTime(t *testing.T) {
	for w := range rank.Windows {
		old := rank.Heat(w, rank.Born(w, now.AddDate(0, -6, 0)), rank.Signal{Weight: 500, At: now.Add(-time.Hour)})
		fresh := rank.Born(w, now)
		if old <= fresh {
			t.Errorf("window %d: 500 views of an hour ago do not outweigh a new document", w)
		}
		for later := range 50 {
			at := now.AddDate(0, 0, later)
			if a, b := rank.Score(w, old, at), rank.Score(w, fresh, at); a < b {
				t.Errorf("window %d: after %d days %v and %v have changed places", w, later, a, b)
			}
		}
	}
}
