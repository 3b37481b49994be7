package cpu_test

import (
	"runtime"
	"testing"

	"docsquare/internal/limit/cpu"
)

// TestSpare adds one thread to several, and no more when it is called again. The thread is not counted as a CPU.
func TestSpare(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	cpu.Spare()
	cpu.Spare()
	want := before + 1
	if before == 1 {
		want = 1
	}
	if got := runtime.GOMAXPROCS(0); got != want {
		t.Errorf("%d threads run on %d CPUs, want %d", got, before, want)
	}
	if cpu.Count() != before || cpu.Half() != max(1, before/2) {
		t.Errorf("%d CPUs, half of them %d; want %d without the spare thread", cpu.Count(), cpu.Half(), before)
	}
}
