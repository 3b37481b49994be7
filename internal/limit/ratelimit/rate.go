package ratelimit

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Rate is a budget: so many points, all of them at once or spread, which come back evenly over the window. A Rate without
// points or without a window, such as the zero one, is no limit.
type Rate struct {
	Points int
	Window time.Duration
}

// What ParseRate takes.
const (
	maxPoints = 1_000_000_000
	minWindow = time.Millisecond
	maxWindow = 366 * 24 * time.Hour
)

// ParseRate reads a rate as String writes it: points and window, such as 60000/1m, 10/10s or 1000/24h. An empty text and
// 0 are no limit. Points may be 1 to 1,000,000,000 and the window 1ms to 8784h; the error names the wrong one.
func ParseRate(text string) (Rate, error) {
	if text == "" || text == "0" {
		return Rate{}, nil
	}
	before, after, ok := strings.Cut(text, "/")
	if !ok {
		return Rate{}, fmt.Errorf("a rate must be POINTS/WINDOW such as 60000/1m, or 0 for no limit, but is %q", text)
	}
	points, err := strconv.Atoi(before)
	if err != nil || points < 1 || points > maxPoints {
		return Rate{}, fmt.Errorf("the points of a rate must be 1 to %d, as in 60000/1m, but are %q in %q", maxPoints, before, text)
	}
	window, err := time.ParseDuration(after)
	if err != nil || window < minWindow || window > maxWindow {
		return Rate{}, fmt.Errorf("the window of a rate must be a duration of %v to 8784h, as in 60000/1m, but is %q in %q", minWindow, after, text)
	}
	return Rate{Points: points, Window: window}, nil
}

// String is what ParseRate reads: 0 where the rate is no limit, else in the shortest form, such as 60000/1m.
func (r Rate) String() string {
	if !r.limits() {
		return "0"
	}
	window := r.Window.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(window, zero) {
			window = window[:len(window)-2]
		}
	}
	return strconv.Itoa(r.Points) + "/" + window
}

func (r Rate) limits() bool { return r.Points > 0 && r.Window > 0 }

// grain is the part of a point by which a level may be off: floating-point numbers round.
const grain = 1e-6

// refill is how many points come back in a time.
func (r Rate) refill(d time.Duration) float64 {
	return float64(r.Points) * (float64(d) / float64(r.Window))
}

// span is the time in which points come back, in whole microseconds and rather too long than too short. It is 0 for none.
func (r Rate) span(points float64) time.Duration {
	if points <= grain {
		return 0
	}
	points -= min(grain/2, r.refill(10*time.Nanosecond)) // so that what rounding has added is no microsecond
	micros := points / float64(r.Points) * (float64(r.Window) / float64(time.Microsecond))
	return time.Duration(math.Ceil(micros)) * time.Microsecond
}
