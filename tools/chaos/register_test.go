package main

import (
	"testing"
	"time"
)

// at is a moment in the life of a test's register, in milliseconds.
func at(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }

// written is a register with the versions 0 at 0, 1 at 100 by instance 1, 2 at 200 by instance 2, and 3 sent at 300.
func written() *register {
	r := newRegister("title", "v 0", at(0))
	r.begin("v 1", at(90))
	r.acknowledge(run{1, 1}, at(100))
	r.begin("v 2", at(190))
	r.acknowledge(run{2, 1}, at(200))
	r.begin("v 3", at(300))
	return r
}

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		sight sight
		want  finding
	}{
		"the newest": {sight{"v 2", run{2, 1}, at(250), at(260)}, finding{known: true}},
		"one that is not acknowledged": {
			sight{"v 3", run{1, 1}, at(310), at(320)}, finding{known: true},
		},
		"one that was not even sent": {sight{"v 3", run{1, 1}, at(250), at(299)}, finding{}},
		"one that was never written": {sight{"v 9", run{1, 1}, at(250), at(260)}, finding{}},
		"one behind, elsewhere": {
			sight{"v 1", run{1, 1}, at(250), at(260)}, finding{known: true, stale: 50 * time.Millisecond, acked: at(200), missed: "v 2"},
		},
		"one behind, on the writer": {
			sight{"v 1", run{2, 1}, at(250), at(260)}, finding{known: true, stale: 50 * time.Millisecond, acked: at(200), missed: "v 2", own: true},
		},
		"one behind, on the writer after a restart": {
			sight{"v 1", run{2, 2}, at(250), at(260)}, finding{known: true, stale: 50 * time.Millisecond, acked: at(200), missed: "v 2"},
		},
		"two behind, the newer on the writer": {
			sight{"v 0", run{2, 1}, at(250), at(260)}, finding{known: true, stale: 150 * time.Millisecond, acked: at(100), missed: "v 1", own: true},
		},
		"acknowledged while the read ran": {sight{"v 1", run{2, 1}, at(195), at(210)}, finding{known: true}},
		"acknowledged as the read began":  {sight{"v 1", run{2, 1}, at(200), at(210)}, finding{known: true}},
	} {
		if got := written().judge(c.sight); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestJudgeAlternating takes the newest version that has the seen value.
func TestJudgeAlternating(t *testing.T) {
	r := newRegister("liked", "false", at(0))
	for i, value := range []string{"true", "false", "true"} {
		r.begin(value, at(100*i+90))
		r.acknowledge(run{1, 1}, at(100*i+100))
	}
	if f := r.judge(sight{"false", run{2, 1}, at(350), at(360)}); f.stale != 50*time.Millisecond {
		t.Errorf("stale by %v", f.stale)
	}
	r.begin("false", at(340))
	if f := r.judge(sight{"false", run{2, 1}, at(350), at(360)}); f.stale != 0 || !f.known {
		t.Errorf("a write under way: %+v", f)
	}
}

func TestWithdraw(t *testing.T) {
	r := written()
	r.withdraw()
	if got := r.current(); got != "v 2" {
		t.Errorf("current is %q", got)
	}
	if f := r.judge(sight{"v 3", run{1, 1}, at(400), at(410)}); f.known {
		t.Error("a write that never happened is known")
	}
}

func TestPercentile(t *testing.T) {
	values := []int{5, 1, 4, 2, 3}
	for share, want := range map[float64]int{0: 1, 0.2: 1, 0.21: 2, 0.5: 3, 0.99: 5, 1: 5} {
		if got := percentile(values, share); got != want {
			t.Errorf("percentile %v is %d, want %d", share, got, want)
		}
	}
	if got := percentile([]int(nil), 0.5); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
	if values[0] != 5 {
		t.Error("the values were sorted in place")
	}
}

func TestWindows(t *testing.T) {
	w := &windows{}
	if got := w.over(at(0), at(10)); got != "" {
		t.Errorf("before any fault: %q", got)
	}
	w.open("cut", at(1000))
	for _, c := range []struct {
		from, to int
		want     string
	}{{900, 999, ""}, {900, 1000, "cut"}, {5000, 5001, "cut"}} {
		if got := w.over(at(c.from), at(c.to)); got != c.want {
			t.Errorf("%d to %d while it lasts: %q", c.from, c.to, got)
		}
	}
	w.closeNewest(at(2000))
	for _, c := range []struct {
		from, to int
		want     string
	}{{3999, 4100, "cut"}, {4000, 4100, ""}, {500, 6000, "cut"}} {
		if got := w.over(at(c.from), at(c.to)); got != c.want {
			t.Errorf("%d to %d after it was repaired: %q", c.from, c.to, got)
		}
	}
}

func TestStalls(t *testing.T) {
	h := &heart{}
	h.note(at(0), at(59))
	h.note(at(100), at(160))
	h.note(at(200), at(400))
	if n, longest := h.sum(); n != 2 || longest != 200*time.Millisecond {
		t.Errorf("%d stalls, the longest %v", n, longest)
	}
	if !h.stalled(at(150), at(155)) || h.stalled(at(160), at(200)) {
		t.Error("stalled looks at the wrong times")
	}
}
