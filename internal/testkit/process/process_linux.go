package process

import "syscall"

// dieWithParent makes the kernel send the signal when the parent dies, even by a panic or SIGKILL.
func dieWithParent(attr *syscall.SysProcAttr, signal syscall.Signal) *syscall.SysProcAttr {
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	attr.Pdeathsig = signal
	return attr
}
