package doctor

import "syscall"

// networks is the file systems on which the locks and the shared memory of SQLite cannot be relied on.
var networks = map[int64]string{
	0x6969: "NFS", 0x517B: "SMB", 0xFF534D42: "CIFS", 0xFE534D42: "SMB2", 0x5346414F: "AFS", 0x01021997: "9P", 0x00C36400: "Ceph",
}

// disk is how many bytes are free where a file or directory is, and which network it is on: none for a disk.
func disk(path string) (free int64, network string, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, "", false
	}
	return int64(s.Bavail) * s.Bsize, networks[s.Type], true //nolint:gosec // no disk has that many blocks
}

// mayWrite returns an error if this process may not write a file or into a directory. It writes nothing.
func mayWrite(path string) error {
	const write = 2
	return syscall.Access(path, write)
}
