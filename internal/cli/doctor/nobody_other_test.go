//go:build !linux

package doctor_test

import (
	"os"
	"testing"
)

// asNobody runs f as somebody whom the modes of files bind.
func asNobody(t *testing.T, _ string, f func()) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("modes do not bind root")
	}
	f()
}
