//go:build !linux

package process

import "syscall"

// dieWithParent does nothing: only Linux can tie the life of a process to that of its parent.
func dieWithParent(attr *syscall.SysProcAttr, _ syscall.Signal) *syscall.SysProcAttr {
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	return attr
}
