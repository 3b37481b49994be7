package doctor

import (
	"testing"
	"testing/fstest"
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

// TestMemory takes what the cgroup allows where that is less than the machine has.
func TestMemory(t *testing.T) {
	for self, want := range map[string]int64{
		"0::/a\n": 1 << 30, "0::/b/c\n": 1_000_000, "9:cpu:/b\n4:memory:/d\n0::/\n": 3_000_000, "4:memory:/e\n": 1 << 30, "": 1 << 30,
	} {
		files := fstest.MapFS{}
		for name, text := range map[string]string{
			"proc/meminfo":                                 "MemFree: 1 kB\nMemTotal:       1048576 kB\n",
			"proc/self/cgroup":                             self,
			"sys/fs/cgroup/a/memory.max":                   "max\n",
			"sys/fs/cgroup/b/memory.max":                   "1000000\n",
			"sys/fs/cgroup/b/c/memory.max":                 "2000000\n",
			"sys/fs/cgroup/memory/d/memory.limit_in_bytes": "3000000\n",
			"sys/fs/cgroup/memory/e/memory.limit_in_bytes": "9223372036854771712\n",
		} {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		got, group := memory(files)
		if got != want || group != (want < 1<<30) {
			t.Errorf("%q: %d, %v", self, got, group)
		}
	}
	if got, _ := memory(fstest.MapFS{}); got != 0 {
		t.Errorf("of nothing: %d", got)
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
