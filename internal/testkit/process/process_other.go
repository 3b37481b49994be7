//go:build !linux

package process

import "syscall"

// dieWithParent does nothing: only Linux can tie the life of a process to that of its parent.
func dieWithParent(attr *syscall.SysProcAttr) *syscall.SysProcAttr {
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	return attr
}
