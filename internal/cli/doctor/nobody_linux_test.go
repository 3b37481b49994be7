package doctor_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"docsquare/internal/testkit"
)

// asNobody runs f as somebody whom the modes of files bind, as they do not bind root, who owns the directory no more.
func asNobody(t *testing.T, dir string, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	for up := filepath.Dir(dir); up != os.TempDir(); up = filepath.Dir(up) {
		testkit.Must(t, os.Chmod(up, 0o755)) // everybody may pass
	}
	done := make(chan syscall.Errno)
	go func() {
		runtime.LockOSThread() // and never unlocked, so that the thread ends with what it has become
		const overflowUser = 65534
		_, _, failed := syscall.RawSyscall(syscall.SYS_SETRESUID, overflowUser, overflowUser, overflowUser) // of this thread alone
		if failed == 0 {
			f()
		}
		done <- failed
	}()
	if failed := <-done; failed != 0 {
		t.Fatal(failed)
	}
}
