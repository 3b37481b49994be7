package ratelimit

import (
	"strings"
	"testing"
	"time"
)

func TestParseRate(t *testing.T) {
	for text, want := range map[string]Rate{
		"": {}, "0": {}, "60000/1m": {60000, time.Minute}, "10/10s": {10, 10 * time.Second}, "1/1ms": {1, time.Millisecond},
		"1000/1h30m": {1000, 90 * time.Minute}, "1000000000/8784h": {1_000_000_000, 366 * 24 * time.Hour},
	} {
		got, err := ParseRate(text)
		if err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func TestParseRateSaysWhatIsWrong(t *testing.T) {
	for text, word := range map[string]string{
		"60000": "POINTS/WINDOW", "/": "points", "0/1m": "points", "-1/1m": "points", "1.5/1m": "points", "1000000001/1m": "points",
		"99999999999999999999/1m": "points", "10/": "window", "10/0s": "window", "10/-1m": "window", "10/1us": "window", "10/m": "window",
		"10/8785h": "window", "10/1m/1m": "window",
		" 10/1m": "points", //nolint:gocritic // that is what is tried
	} {
		got, err := ParseRate(text)
		if err == nil || got != (Rate{}) || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func FuzzParseRate(f *testing.F) {
	for _, text := range []string{"", "0", "60000/1m", "10/10s", "1/1.5h", "+7/1ms", "1/1h0m1s", "1/10m", "x/y", "1/2540400h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRate(text)
		if err != nil {
			if r != (Rate{}) {
				t.Errorf("%q: %v, but also %v", text, err, r)
			}
			return
		}
		if again, err := ParseRate(r.String()); err != nil || again != r {
			t.Errorf("%q is %v, which is %v, %v", text, r, again, err)
		}
	})
}

func FuzzNameOf(f *testing.F) {
	for _, key := range []string{"", "user:42", "2001:db8::/64", "a{b}c", "x\x00y", "#aa", "a|b", "ü", strings.Repeat("k", 1<<16)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		name := nameOf(key)
		if len(name) > maxName || !harmless(strings.TrimPrefix(name, "#")) {
			t.Errorf("%q is called %q", key, name)
		}
		if name != key && !strings.HasPrefix(name, "#") {
			t.Errorf("%q is called %q, as another key may be", key, name)
		}
	})
}
