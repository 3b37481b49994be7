package ratelimit

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"docsquare/internal/testkit"
)

// clocked runs the script at moments that the test chooses.
type clocked struct {
	t      *testing.T
	client *redis.Client
	key    string
	rate   Rate
}

func newClocked(t *testing.T, rate Rate) clocked {
	t.Helper()
	server := testkit.Redis(t)
	c, _ := client(t, server.Addr)
	return clocked{t, c, server.Prefix, rate}
}

// at runs a call after a time, and returns how many points it was granted and the level.
func (k clocked) at(after time.Duration, c *call) (granted int, level float64) {
	k.t.Helper()
	c.budget = &budget{id: id{"script", k.rate}}
	moment := time.Hour + after
	arguments := append(c.arguments(), int64(moment/time.Second), (moment % time.Second).Microseconds())
	c.cmd = modelScript.Run(k.t.Context(), k.client, []string{k.key}, arguments...)
	testkit.Must(k.t, c.read())
	return c.granted, c.level
}

func (k clocked) want(level float64, after time.Duration, c *call) {
	k.t.Helper()
	if _, got := k.at(after, c); got < level-grain || got > level+grain {
		k.t.Errorf("after %v: the level is %v, want %v", after, got, level)
	}
}

var tenthSecond = Rate{1000, 100 * time.Second} // a point comes back in a tenth of a second

func TestScriptGrantsWhatThereIs(t *testing.T) {
	k := newClocked(t, tenthSecond)
	for _, x := range []struct{ need, want, granted int }{{900, 900, 900}, {1, 20, 20}, {81, 100, 0}, {60, 100, 80}, {1, 1, 0}} {
		if got, _ := k.at(0, &call{need: x.need, want: x.want}); got != x.granted {
			t.Errorf("%+v: got %d", x, got)
		}
	}
	if got, _ := k.at(time.Minute, &call{need: 1, want: 1000}); got != 600 {
		t.Errorf("got %d", got)
	}
}

// TestScriptKeepsLeases from leaking while they may be spent, and from being returned by others.
func TestScriptKeepsLeases(t *testing.T) {
	k := newClocked(t, tenthSecond)
	k.at(0, &call{need: 5, want: 20})
	k.want(15, 900*time.Millisecond, &call{})
	k.want(15, 950*time.Millisecond, &call{credit: 1000})
	k.want(10, 2450*time.Millisecond, &call{}) // from a second after the last write
	k.want(0, time.Hour, &call{})
}

// TestScriptTakesLeasesBack while they have not leaked.
func TestScriptTakesLeasesBack(t *testing.T) {
	k := newClocked(t, tenthSecond)
	lease := &call{need: 5, want: 20}
	k.at(0, lease)
	k.at(0, &call{need: 100, want: 100})
	k.want(120-15-5, 500*time.Millisecond, &call{back: 15, stamp: lease.now})
	late := &call{need: 1, want: 20}
	k.at(500*time.Millisecond, late)
	k.want(120-15, 2*time.Second, &call{back: 19, stamp: late.now})
}

// TestScriptBelievesTheProcess where it has forgotten, or may have.
func TestScriptBelievesTheProcess(t *testing.T) {
	k := newClocked(t, tenthSecond)
	k.want(300, 0, &call{base: 300})
	k.want(300, 0, &call{base: 600})
	k.want(610, 0, &call{base: 600, force: true, owed: 10})
	k.want(610, 0, &call{base: 5, force: true})
	k.want(610, 0, &call{base: 700, born: time.Hour.Microseconds()})
	k.want(700, 0, &call{base: 700, born: 1}) // it was told before the record was made
	k.want(1000, 0, &call{base: 1e9, force: true, owed: 1e9})
}

// TestScriptReadsAnything as if there were nothing.
func TestScriptReadsAnything(t *testing.T) {
	for _, text := range []string{"", "x", "1 2 3 4", "nan 0 0 0 0 0", "inf 0 0 0 0 0", "-1 -1 -1 -1 -1 1", "1e400 0 0 0 0 0", "1 2 3 4 5 6 7", ". e - + 1 1", "1 1e99 1e99 1e99 1e99 1", "999999999 3600000000 0 0 0 0"} {
		k := newClocked(t, tenthSecond)
		testkit.Must(t, k.client.Set(t.Context(), k.key, text, 0).Err())
		if _, level := k.at(0, &call{}); level < 0 || level > 1000 {
			t.Errorf("%q: the level is %v", text, level)
		}
		k.at(time.Hour, &call{need: 1, want: 1})
		k.want(2, time.Hour, &call{need: 1, want: 1})
	}
	k := newClocked(t, tenthSecond)
	testkit.Must(t, k.client.RPush(t.Context(), k.key, "a list").Err())
	k.want(1, 0, &call{need: 1, want: 1})
}

// TestScriptOutlivesAClock that is set back.
func TestScriptOutlivesAClock(t *testing.T) {
	k := newClocked(t, tenthSecond)
	k.at(time.Hour, &call{need: 1000, want: 1000})
	if got, _ := k.at(0, &call{need: 1, want: 1}); got != 0 {
		t.Error("it let something through")
	}
	k.want(900, 10*time.Second, &call{})
}
