package doctor

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

// enoughFiles is how many files and connections a busy server has open at once.
const enoughFiles = 4096

func (e *examination) machine(context.Context) {
	e.descriptors()
	e.memory()
}

func (e *examination) descriptors() {
	limit, ok := openFiles()
	switch {
	case !ok:
		e.note("open files", "", "how many the process may have is not known on this system")
	case limit < enoughFiles:
		e.warn("open files", fmt.Sprintf("raise the limit to %d or more: ulimit -n 65536, or LimitNOFILE=65536 in the unit of systemd", enoughFiles),
			"a process may have %d open, and every client and subscription takes one", limit)
	default:
		e.ok("open files", "a process may have %d", limit)
	}
}

func (e *examination) memory() {
	total, group := memory(os.DirFS("/"))
	near := e.Config.CacheNearBytes
	switch {
	case total == 0:
		e.note("memory", "", "how much there is is not known on this system")
	case near > total/2:
		e.warn("memory", fmt.Sprintf("set CACHE_NEAR_BYTES to %d or less, or give the server more memory", total/4),
			"CACHE_NEAR_BYTES is %s, more than half of the %s that there are", size(near), size(total))
	case group && debug.SetMemoryLimit(-1) == math.MaxInt64:
		e.note("memory", fmt.Sprintf("set GOMEMLIMIT to %dMiB", total*9/10>>20),
			"the cgroup allows %s, of which Go does not know: it is killed there rather than tidied up before", size(total))
	default:
		e.ok("memory", "%s, of which CACHE_NEAR_BYTES takes %s", size(total), size(near))
	}
}

// memory is how much of it a process has, in bytes: that of the machine, or less where a cgroup allows less. It is 0 where
// the system does not tell.
func memory(root fs.FS) (total int64, group bool) {
	text, _ := fs.ReadFile(root, "proc/meminfo") // empty on other systems than Linux
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			_, _ = fmt.Sscan(rest, &total) // stays 0 otherwise
			total *= 1 << 10
		}
	}
	text, _ = fs.ReadFile(root, "proc/self/cgroup")
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		part := strings.SplitN(lines.Text(), ":", 3)
		if len(part) < 3 || part[1] != "" && part[1] != "memory" {
			continue
		}
		file := map[string]string{"": "memory.max", "memory": "memory/memory.limit_in_bytes"}[part[1]]
		base, name := filepath.Split(file)
		for path := part[2]; ; path = filepath.Dir(path) { // each group above allows no more than it has
			text, _ := fs.ReadFile(root, filepath.Join("sys/fs/cgroup", base, path, name))
			if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit < total {
				total, group = limit, true
			}
			if path == "/" || path == "." {
				break
			}
		}
	}
	return total, group
}
