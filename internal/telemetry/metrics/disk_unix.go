//go:build linux || darwin

package metrics

import "syscall"

// disk returns the free bytes for this process, and the size, of the disk of a path. It returns false if they are not known.
func disk(path string) (free, size uint64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil || s.Bsize <= 0 {
		return 0, 0, false
	}
	block := uint64(s.Bsize) //nolint:unconvert // its type depends on the system
	return s.Bavail * block, s.Blocks * block, true
}
