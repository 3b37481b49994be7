package doctor

import (
	"testing"
	"time"
)

// TestClocks checks how far apart clocks may be.
func TestClocks(t *testing.T) {
	for ahead, want := range map[time.Duration]State{
		0: OK, time.Second: OK, -time.Second: OK, 3 * time.Second: Warning, -3 * time.Second: Warning,
		61 * time.Second: Failure, -2 * time.Hour: Failure,
	} {
		var found []Finding
		e := &examination{met: []clock{{"Redis", ahead}}, tell: func(f Finding) { found = append(found, f) }}
		e.clock(t.Context())
		if len(found) != 1 || found[0].State != want || (want > OK) != (found[0].Remedy != "") {
			t.Errorf("%s: %+v", ahead, found)
		}
	}
}

// TestSize is for readers.
func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 B", 1023: "1023 B", 128 << 20: "128 MiB", 3 << 29: "1.5 GiB"} {
		if got := size(bytes); got != want {
			t.Errorf("%d: %s", bytes, got)
		}
	}
}
